//! A server that upper-cases for whoever answers its challenge with the right digest.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to server and client. A real key is made at random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";

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
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?; // a stranger has not answered yet, and the next client is not even accepted
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    mac.verify_slice(&answer).map_err(|_| io::Error::other("this client does not have the key"))?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}
