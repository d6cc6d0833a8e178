//! A client that connects and does not answer. It has no key and needs none.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

/// Takes the challenge and says nothing. This goes on until it is stopped, or until the server has had enough of it.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?; // from here on the server waits for the answer
    println!("asked, and silent");
    let ended = stream.read(&mut [0]); // there is nothing to read before an answer
    let how = if matches!(ended, Ok(1..)) { "went on without an answer" } else { "did not wait any longer" };
    Err(io::Error::other(format!("the server {how}")))
}
