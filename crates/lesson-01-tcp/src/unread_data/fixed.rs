//! A server that answers every request with the same page, so it reads only the first word of a request.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The size of the page, bytes.
const SIZE: usize = 100_000;
/// The longest rest of a request that is read, bytes.
const MAXIMUM: u64 = 64 * 1024;
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
    stream.write_all(&b"page".repeat(SIZE / 4))?;
    stream.shutdown(Shutdown::Write)?; // the end of the page
    io::copy(&mut stream.take(MAXIMUM), &mut io::sink())?; // what the client sent; beyond the limit its answer is lost again
    Ok(())
}
