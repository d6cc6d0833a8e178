//! A server that upper-cases for whoever answers its challenge with the right digest.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to server and client. A real key is made at random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = talk(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let (mut challenge, mut digest) = ([0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(b"log in first: ask for a challenge with ?\n")?; // words, which any client can show
    let mut asked = [0; 1];
    stream.read_exact(&mut asked)?;
    if &asked != b"?" {
        stream.shutdown(Shutdown::Write)?;
        let _ = io::copy(&mut stream.take(1024), &mut io::sink()); // a close with unread bytes may destroy the words
        return Err(io::Error::other("this client does not know how to log in"));
    }
    stream.write_all(&challenge)?;
    stream.read_exact(&mut digest)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    mac.verify_slice(&digest).map_err(|_| io::Error::other("this client does not have the key"))?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}
