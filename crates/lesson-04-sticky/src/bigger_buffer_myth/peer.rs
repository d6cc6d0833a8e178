//! A client that sends each line of its input as one message, ended by a newline, and prints what comes back.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// Sends everything without waiting for answers, then reads them to the end.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for message in io::stdin().lock().lines() {
        stream.write_all(format!("{}\n", message?).as_bytes())?;
    }
    stream.shutdown(Shutdown::Write)?;
    for line in BufReader::new(stream).lines() {
        println!("{}", line?);
    }
    Ok(())
}
