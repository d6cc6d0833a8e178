//! An attacker without the key: it answers the challenge with a tag of no bytes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What it wants the server to do.
const ORDER: &[u8] = b"let me in";
/// How long it waits for the server.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Logs in with nothing and gives its order.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;

    stream.write_all(&[&[0], ORDER].concat())?; // "my tag has 0 bytes", no tag, and the order right behind
    let mut answer = vec![0; ORDER.len()];
    match stream.read_exact(&mut answer) {
        Ok(()) => println!("in without the key: {}", String::from_utf8_lossy(&answer)),
        Err(_) => return Err(io::Error::other("the server did not take a tag of 0 bytes")),
    }
    Ok(())
}
