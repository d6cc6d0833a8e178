//! A client that sends a line of its input, its name, and prints the answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// More than any answer has, bytes.
const MAXIMUM: u64 = 1024;

/// Sends its name in one write.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(line.as_bytes())?;
    line.clear();
    BufReader::new(stream.take(MAXIMUM)).read_line(&mut line)?;
    println!("{}", line.trim_end());
    Ok(())
}
