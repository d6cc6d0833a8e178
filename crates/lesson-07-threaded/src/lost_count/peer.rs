//! A client that prints what it is asked, sends a line of its input as the answer, and prints what comes of it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// More than question and ticket have together, bytes.
const MAXIMUM: u64 = 1024;

/// Buys one ticket, if its input says `yes`.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr)?;
    let mut reader = BufReader::new((&stream).take(MAXIMUM));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    println!("{}", line.trim_end());
    line.clear();
    io::stdin().lock().read_line(&mut line)?;
    (&stream).write_all(line.as_bytes())?;
    line.clear();
    reader.read_line(&mut line)?;
    println!("{}", line.trim_end());
    Ok(())
}
