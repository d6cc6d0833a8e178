//! A server with one key for each user: a client says its name and proves that it has the key of that name.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The users and their keys. Real keys are made at random and come from files.
fn key_of(name: &[u8]) -> Option<&'static [u8; 32]> {
    match name {
        b"alice" => Some(b"the key that alice was given...."),
        b"bob" => Some(b"the key that bob was given......"),
        _ => None,
    }
}

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
    let (mut challenge, mut length, mut tag) = ([0; 32], [0], [0; 32]);
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    stream.read_exact(&mut length)?;
    let mut name = vec![0; length[0].into()];
    stream.read_exact(&mut name)?;
    stream.read_exact(&mut tag)?;

    // An unknown name is given a key that nobody has, and takes the same way.
    let (known, mut nobodys) = (key_of(&name), [0; 32]);
    SysRng.try_fill_bytes(&mut nobodys).map_err(io::Error::other)?;
    let mac = Hmac::<Sha256>::new_from_slice(known.unwrap_or(&nobodys)).map_err(io::Error::other)?;
    if mac.chain_update(challenge).verify_slice(&tag).is_err() {
        stream.write_all(b"refused\n")?; // one answer for all; the reason is for the log
        return Err(io::Error::other(if known.is_some() { "wrong key" } else { "no such user" }));
    }
    stream.write_all(b"welcome\n")?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}
