//! A client that says hello, prints the greeting, and closes when its standard input ends.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Reads two bytes and not to the end of the stream: it could close first.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(b"hello!")?;
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting)?;
    println!("{}", String::from_utf8_lossy(&greeting));
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    Ok(())
}
