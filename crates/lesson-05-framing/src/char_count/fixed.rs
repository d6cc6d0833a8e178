//! A server that sends every line of text back: 4-byte big-endian length, text in UTF-8.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest text that is accepted, bytes.
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
    while let Some(length) = read_header(&mut stream)? {
        if length > MAXIMUM {
            return Err(io::Error::other(format!("a text of {length} bytes is too long")));
        }
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload)?;
        let text = String::from_utf8(payload).map_err(io::Error::other)?;
        stream.write_all(&frame(&text))?;
    }
    Ok(())
}

/// The text with its header.
fn frame(text: &str) -> Vec<u8> {
    let length = text.len() as u32; // counts bytes, as the reader does
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

/// The length that the next header announces; `None` at the end of the stream.
fn read_header(stream: &mut TcpStream) -> io::Result<Option<usize>> {
    let mut header = [0; 4];
    let got = stream.read(&mut header)?;
    if got == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut header[got..])?;
    Ok(Some(u32::from_be_bytes(header) as usize))
}
