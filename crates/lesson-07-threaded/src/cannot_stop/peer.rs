//! A client that sends the lines of its input as they come, ends its direction with its input, and prints the answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// More than any sum has, bytes.
const MAXIMUM: u64 = 1024;

/// Asks for one sum.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        stream.write_all(format!("{}\n", line?).as_bytes())?;
    }
    stream.shutdown(Shutdown::Write)?;
    let mut sum = String::new();
    BufReader::new(stream.take(MAXIMUM)).read_line(&mut sum)?;
    println!("{}", sum.trim_end());
    Ok(())
}
