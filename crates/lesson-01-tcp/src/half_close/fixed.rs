//! A client of a sorting server: it sends its input and prints what comes back.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The longest answer that is accepted, bytes.
const MAXIMUM: u64 = 64 * 1024;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends one text and prints it sorted.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    io::copy(&mut io::stdin().lock(), &mut stream)?;
    stream.shutdown(Shutdown::Write)?; // the end of what we send; the other direction stays open
    let mut sorted = Vec::new();
    stream.take(MAXIMUM + 1).read_to_end(&mut sorted)?;
    if sorted.len() as u64 > MAXIMUM {
        return Err(io::Error::other(format!("the answer is longer than {MAXIMUM} bytes")));
    }
    io::stdout().write_all(&sorted)
}
