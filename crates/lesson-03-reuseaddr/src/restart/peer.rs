//! A client that says hello and prints the greeting.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// More than any greeting has, bytes.
const MAXIMUM: u64 = 1024;

/// Reads to the end of the stream, so that it is the server that closes first.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(b"hello!")?;
    let mut greeting = Vec::new();
    Read::by_ref(&mut stream).take(MAXIMUM).read_to_end(&mut greeting)?;
    println!("{}", String::from_utf8_lossy(&greeting));
    Ok(())
}
