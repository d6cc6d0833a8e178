//! A client that asks about each line of its input and prints the answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// More than any answer has, bytes.
const MAXIMUM: u64 = 64;

/// Asks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    for host in io::stdin().lock().lines() {
        let host = host?;
        stream.write_all(format!("{host}\n").as_bytes())?;
        let mut answer = String::new();
        if Read::by_ref(&mut answers).take(MAXIMUM).read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        println!("{host}: {}", answer.trim_end());
    }
    Ok(())
}
