//! A stranger without a key: it makes up 32 bytes where an answer belongs, and gives its order.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// As long as an answer to a challenge would be.
const MADE_UP: &[u8; 32] = b"this is not an answer, I guessed";
/// What the stranger wants to be done.
const ORDER: &[u8] = b"stolen";
/// How long the server may keep the stranger waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Gives one order.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(&[MADE_UP, ORDER].concat())?;
    let mut reply = Vec::new();
    let mut byte = [0];
    while !reply.ends_with(&ORDER.to_ascii_uppercase()) {
        stream.read_exact(&mut byte).map_err(|_| io::Error::other("the server did not take the order"))?;
        reply.push(byte[0]);
    }
    println!("served without a key: {}", String::from_utf8_lossy(&reply[reply.len() - ORDER.len()..]));
    Ok(())
}
