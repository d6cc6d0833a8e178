//! A server of short messages, each ended by a newline: it prints each one and sends the same line back.

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
    let mut kept = Vec::new(); // what came and was not taken out yet, for the life of the connection
    while let Some(message) = next_message(&mut stream, &mut kept)? {
        println!("-----> {}", String::from_utf8_lossy(&message));
        stream.write_all(&[b"-----> ", &message[..], b"\n"].concat())?;
    }
    Ok(())
}

/// The next message; `None` at the end of the stream.
fn next_message(stream: &mut TcpStream, kept: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 1024];
    loop {
        let end = kept.iter().position(|byte| *byte == b'\n');
        if end.unwrap_or(kept.len()) > MAXIMUM {
            return Err(io::Error::other(format!("a message is longer than {MAXIMUM} bytes")));
        }
        if let Some(end) = end {
            return Ok(Some(kept.drain(..=end).take(end).collect()));
        }
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return if kept.is_empty() { Ok(None) } else { Err(io::Error::other("the stream ended inside a message")) };
        }
        kept.extend_from_slice(&buffer[..got]);
    }
}
