//! A server of messages that begin with a line, the number of bytes to come: it prints each one and sends it back as a line.

use std::io::{self, BufRead, BufReader, Read, Write};
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
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(length) = read_length(&mut reader)? {
        let mut message = vec![0; length];
        reader.read_exact(&mut message)?; // one reader for the life of the connection
        println!("-----> {}", String::from_utf8_lossy(&message));
        stream.write_all(&[b"-----> ", &message[..], b"\n"].concat())?;
    }
    Ok(())
}

/// The line with the number of bytes; `None` at the end of the stream.
fn read_length(reader: &mut BufReader<TcpStream>) -> io::Result<Option<usize>> {
    let mut line = String::new();
    reader.by_ref().take(5).read_line(&mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    let length = line.strip_suffix('\n').and_then(|number| number.parse().ok());
    match length {
        Some(length) if length <= MAXIMUM => Ok(Some(length)),
        _ => Err(io::Error::other(format!("a message has to begin with its length, a number up to {MAXIMUM}"))),
    }
}
