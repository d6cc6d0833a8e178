//! A server that sends every frame back: 4-byte big-endian length, payload.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

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
    while let Some(length) = read_header(&mut stream)? {
        let mut payload = vec![0; length]; // memory for all that is announced, before any of it has come
        stream.read_exact(&mut payload)?;
        stream.write_all(&[&(payload.len() as u32).to_be_bytes(), &payload[..]].concat())?;
    }
    Ok(())
}

/// The length that the next header announces; `None` at the end of the stream.
fn read_header(stream: &mut TcpStream) -> io::Result<Option<usize>> {
    let mut header = [0; 4];
    match stream.read_exact(&mut header[..1]) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    stream.read_exact(&mut header[1..])?;
    Ok(Some(u32::from_be_bytes(header) as usize))
}
