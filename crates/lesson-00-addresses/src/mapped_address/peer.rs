//! A client that sends each line of its input as a request and prints the reply.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// More than any reply has, bytes.
const MAXIMUM: u64 = 1024;

/// Asks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut replies = BufReader::new(stream.try_clone()?);
    for request in io::stdin().lock().lines() {
        let request = request?;
        stream.write_all(format!("{request}\n").as_bytes())?;
        let mut reply = String::new();
        if Read::by_ref(&mut replies).take(MAXIMUM).read_line(&mut reply)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        println!("{}", reply.trim_end());
    }
    Ok(())
}
