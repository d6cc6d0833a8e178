//! A client that sends its input, ends its stream and prints what comes back.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// More than the answer to any input here, bytes.
const MAXIMUM: u64 = 1024;

/// Sends the lines without their ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lines() {
        stream.write_all(line?.as_bytes())?;
    }
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    Read::by_ref(&mut stream).take(MAXIMUM).read_to_end(&mut answer)?;
    println!("{}", String::from_utf8_lossy(&answer));
    Ok(())
}
