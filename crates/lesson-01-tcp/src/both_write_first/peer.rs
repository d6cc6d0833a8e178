//! A server that exchanges backups: it sends its own, 64 MiB, then takes the client's.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The size of a backup, bytes.
const SIZE: u64 = 64 * 1024 * 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        match exchange(&stream) {
            Ok(SIZE) => println!("the client's backup is here"),
            Ok(taken) => println!("the client's backup ended after {taken} of {SIZE} bytes"),
            Err(error) => eprintln!("connection closed: {error}"),
        }
    }
}

fn exchange(mut stream: &TcpStream) -> io::Result<u64> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    io::copy(&mut io::repeat(b's').take(SIZE), &mut stream)?;
    io::copy(&mut stream.take(SIZE), &mut io::sink())
}
