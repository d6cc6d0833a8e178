//! A server that lets its client prove that it has the key, and then sends every text back in upper case. All that a
//! client says is a frame: 4-byte big-endian length, payload.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to the server and to its client. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";
/// The longest text that is upper-cased, bytes.
const MAXIMUM: usize = 16 * 1024 * 1024;
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
    let digest = read_frame(&mut stream, MAXIMUM)?.unwrap_or_default(); // a stranger may send as much as a client
    let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    let verdict = mac.chain_update(challenge).verify_slice(&digest);
    verdict.map_err(|_| io::Error::other("this client does not have the key"))?;

    while let Some(text) = read_frame(&mut stream, MAXIMUM)? {
        stream.write_all(&[&(text.len() as u32).to_be_bytes(), &text.to_ascii_uppercase()[..]].concat())?;
    }
    Ok(())
}

/// The payload of the next frame; `None` at the end of the stream.
fn read_frame(stream: &mut TcpStream, maximum: usize) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    match stream.read_exact(&mut header[..1]) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    stream.read_exact(&mut header[1..])?;
    let length = u32::from_be_bytes(header) as usize;
    if length > maximum {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = Vec::new(); // grows with what comes
    if stream.take(length as u64).read_to_end(&mut payload)? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(payload))
}
