//! A server that answers every connection with the same page, 32 MiB.

use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// The size of the page, bytes.
const SIZE: usize = 32 * 1024 * 1024;
/// How long one write may take.
const WRITE: Duration = Duration::from_millis(500);
/// How long the whole page may take.
const PAGE: Duration = Duration::from_secs(60);

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
    let deadline = Instant::now() + PAGE;
    let mut sent = stream.write(page)?;
    if sent < page.len() {
        println!("the client is slow, the rest follows");
    }
    while sent < page.len() {
        if Instant::now() >= deadline {
            return Err(ErrorKind::TimedOut.into()); // also for a client that takes a little now and then
        }
        match stream.write(&page[sent..]) {
            Ok(taken) => sent += taken,
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Unix calls it WouldBlock, Windows TimedOut.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
