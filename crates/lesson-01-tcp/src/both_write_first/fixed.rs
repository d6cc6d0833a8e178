//! A client that exchanges backups with a server: each sends its own, 64 MiB, and takes the other's.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

/// The size of a backup, bytes.
const SIZE: u64 = 64 * 1024 * 1024;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Exchanges backups once.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let sending = stream.try_clone()?;
    let sender = thread::spawn(move || send(&sending)); // writes while this thread reads
    take(&stream)?;
    sender.join().map_err(|_| io::Error::other("the sending thread panicked"))??;
    println!("the exchange is complete");
    Ok(())
}

fn send(mut stream: &TcpStream) -> io::Result<()> {
    io::copy(&mut io::repeat(b'c').take(SIZE), &mut stream)?;
    Ok(())
}

fn take(stream: &TcpStream) -> io::Result<()> {
    match io::copy(&mut stream.take(SIZE), &mut io::sink())? {
        SIZE => Ok(()),
        taken => Err(io::Error::other(format!("the server's backup ended after {taken} of {SIZE} bytes"))),
    }
}
