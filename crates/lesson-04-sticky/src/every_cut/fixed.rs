//! A server of short messages, each ended by a newline: it sends each one back as a line.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest message that is accepted, bytes.
const MAXIMUM: usize = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = receive(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn receive(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut kept = Vec::new(); // what came and was not taken out yet
    let mut buffer = [0; 1024];
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return if kept.is_empty() { Ok(()) } else { Err(io::Error::other("the stream ended inside a message")) };
        }
        kept.extend_from_slice(&buffer[..got]);
        while let Some(message) = next_message(&mut kept)? {
            acknowledge(&mut stream, &message)?;
        }
    }
}

/// Takes out the first message, if its end has come.
fn next_message(kept: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let end = kept.iter().position(|byte| *byte == b'\n');
    if end.unwrap_or(kept.len()) > MAXIMUM {
        return Err(io::Error::other(format!("a message is longer than {MAXIMUM} bytes")));
    }
    Ok(end.map(|end| kept.drain(..=end).take(end).collect()))
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}
