//! A client as netcat is one: it sends its input as it is, newlines too, and prints what comes, to the end of the stream.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// So many bytes are printed at most.
const MAXIMUM: u64 = 64 * 1024;

/// Sends the input, then waits until the server ends the conversation.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    io::copy(&mut io::stdin().lock(), &mut stream)?;
    io::copy(&mut stream.take(MAXIMUM), &mut io::stdout())?;
    println!();
    Ok(())
}
