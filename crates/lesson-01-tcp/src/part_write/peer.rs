//! A client that is slow: it connects, and reads the page only when a line of its input tells it to.

use std::io::{self, BufRead, Read};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The size of the page, bytes.
const SIZE: u64 = 32 * 1024 * 1024;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Says how much of the page came.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    println!("connected");
    io::stdin().lock().read_line(&mut String::new())?;
    match io::copy(&mut stream.take(SIZE + 1), &mut io::sink())? {
        SIZE => println!("the whole page came"),
        _ => println!("a part of the page came, and then the end of the stream"),
    }
    Ok(())
}
