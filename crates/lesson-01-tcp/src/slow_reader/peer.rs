//! A client that writes messages into the chat and waits for each to come back.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// One message, bytes.
const MESSAGE: usize = 64 * 1024;
/// So many messages: together far more than the kernels of both sides keep for one reader.
const MESSAGES: usize = 1000;

/// Prints how many came back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let message = vec![b'm'; MESSAGE];
    let mut back = vec![0; MESSAGE];
    for _ in 0..MESSAGES {
        stream.write_all(&message)?;
        stream.read_exact(&mut back)?;
    }
    println!("{MESSAGES} messages came back");
    Ok(())
}
