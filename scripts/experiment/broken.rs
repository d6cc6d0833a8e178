//! A server that sends every frame back: 4-byte big-endian length, payload.

// To fill in: broken.rs is what people write first, fixed.rs is what you would ship. Keep them alike line for line: their
// difference is the lesson. The faulty line states the fact in its margin.
use std::io::{self, Read, Write};
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
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let length = u32::from_be_bytes(header) as usize;
    if length > MAXIMUM {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = vec![0; length];
    let _ = stream.read(&mut payload)?; // one read gives what is there; the rest stays 0
    stream.write_all(&[&header, &payload[..]].concat())
}
