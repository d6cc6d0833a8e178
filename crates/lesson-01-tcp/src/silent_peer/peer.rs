//! A client that sends each line of its input and prints what comes back, of the same length.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
