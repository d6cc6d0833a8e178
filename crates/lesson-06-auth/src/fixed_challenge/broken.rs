//! A server that upper-cases whatever a client says who has answered its challenge: 32 bytes, and HMAC-SHA-256 of them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;

/// A real key is random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?; // drawn once: the same question for every client
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = talk(stream, &challenge) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn talk(mut stream: TcpStream, challenge: &[u8; 32]) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(challenge)?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(challenge);
    mac.verify_slice(&answer).map_err(|_| io::Error::other("this is no answer to the challenge"))?;
    let mut piece = [0; 1024];
    loop {
        let length = stream.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&piece[..length].to_ascii_uppercase())?;
    }
}
