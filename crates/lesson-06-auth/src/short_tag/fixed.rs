//! A server that lets its client prove that it has the key, and then sends every piece back in upper case.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to the server and to its client. A real key is made at random and comes from a file.
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
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;

    let mut length = [0];
    stream.read_exact(&mut length)?;
    let mut tag = vec![0; length[0].into()];
    stream.read_exact(&mut tag)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    let valid = mac.verify_slice(&tag).is_ok(); // the whole tag: the length counts too
    if !valid {
        return Err(io::Error::other("the client does not have the key"));
    }

    let mut piece = [0; 1024];
    loop {
        let got = stream.read(&mut piece)?;
        if got == 0 {
            return Ok(());
        }
        stream.write_all(&piece[..got].to_ascii_uppercase())?;
    }
}
