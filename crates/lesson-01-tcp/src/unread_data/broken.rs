//! A server that answers every request with the same page, so it reads only the first word of a request.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The size of the page, bytes.
const SIZE: usize = 100_000;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = answer(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.read_exact(&mut [0; 4])?;
    stream.write_all(&b"page".repeat(SIZE / 4)) // and closes, with unread bytes of the request: that resets the connection
}
