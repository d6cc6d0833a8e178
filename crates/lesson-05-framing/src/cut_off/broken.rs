//! A server that sends every frame back: 4-byte big-endian length, payload.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest payload that is accepted, bytes.
const MAXIMUM: usize = 64 * 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn echo(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    while let Some(payload) = read_frame(&mut stream)? {
        stream.write_all(&[&(payload.len() as u32).to_be_bytes(), &payload[..]].concat())?;
    }
    Ok(())
}

/// The payload of the next frame; `None` at the end of the stream.
fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    match stream.read_exact(&mut header) {
        // The stream may have ended after 1, 2 or 3 of the 4 bytes: that passes for an ordinary end.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_be_bytes(header) as usize;
    if length > MAXIMUM {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = Vec::new();
    stream.take(length as u64).read_to_end(&mut payload)?; // ends at the end of the stream as well, without an error
    Ok(Some(payload))
}
