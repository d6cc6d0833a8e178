//! A client that sends its input in GBK to a server that reads GBK, then prints what comes back, if anything does.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use encoding_rs::GBK;

/// More than any answer has, bytes.
const MAXIMUM: u64 = 1024;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends the lines without their ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    for line in io::stdin().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?; // a Rust string is UTF-8, whatever the other side reads
    }
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.take(MAXIMUM).read_to_end(&mut answer)?;
    if !answer.is_empty() {
        println!("{}", GBK.decode(&answer).0);
    }
    Ok(())
}
