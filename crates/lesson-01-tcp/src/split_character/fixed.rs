//! A server that sends back what it is sent in capital letters: UTF-8 both ways, up to the end of the stream.

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
        if let Err(error) = capitalize(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn capitalize(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024];
    let mut pending = Vec::new();
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 && pending.is_empty() {
            return Ok(());
        } else if got == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the text ends in the middle of a character"));
        }
        pending.extend_from_slice(&buffer[..got]);
        let text = whole_characters(&pending)?;
        stream.write_all(text.to_uppercase().as_bytes())?;
        pending.drain(..text.len()); // at most three bytes stay for the next read
    }
}

/// The text without a character that is not complete yet.
fn whole_characters(bytes: &[u8]) -> io::Result<&str> {
    let whole = match str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    str::from_utf8(&bytes[..whole]).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}
