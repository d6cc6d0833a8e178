//! A sorting server: a text goes in, its lines come back in order. The end of the stream ends the text and the answer.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest text that is accepted, bytes.
const MAXIMUM: u64 = 64 * 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = sort(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn sort(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut text = Vec::new();
    Read::by_ref(&mut stream).take(MAXIMUM + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAXIMUM {
        return Err(io::Error::other(format!("the text is longer than {MAXIMUM} bytes")));
    }
    let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    stream.write_all(&lines.concat()) // nothing can be sorted before the last line is there
}
