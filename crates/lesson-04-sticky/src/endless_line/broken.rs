//! A server of short messages, each ended by a newline: it prints each one and sends the same line back.

use std::io::{self, BufRead, BufReader, Write};
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
        if let Err(error) = receive(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn receive(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut message = Vec::new();
        reader.read_until(b'\n', &mut message)?; // grows for as long as no newline comes
        match message.pop() {
            Some(b'\n') => acknowledge(&mut stream, &message)?,
            Some(_) => return Err(io::Error::other("the stream ended inside a message")),
            None => return Ok(()),
        }
    }
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}
