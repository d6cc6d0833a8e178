//! A server that answers every connection with the same page, 32 MiB.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The size of the page, bytes.
const SIZE: usize = 32 * 1024 * 1024;
/// How long one write may take.
const WRITE: Duration = Duration::from_millis(500);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let page = b"page".repeat(SIZE / 4);
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        match send(stream, &page) {
            Ok(()) => println!("the page is sent"),
            Err(error) => eprintln!("connection closed: {error}"),
        }
    }
}

fn send(mut stream: TcpStream, page: &[u8]) -> io::Result<()> {
    stream.set_write_timeout(Some(WRITE))?;
    stream.write(page)?; // takes what the kernel has room for; after half a second it returns with that
    Ok(())
}
