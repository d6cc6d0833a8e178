//! A server that sends every frame back, 4-byte big-endian length and payload, and is patient with slow clients.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest payload that is accepted, bytes.
const MAXIMUM: usize = 64 * 1024;
/// A client that stops for so long within a frame is slow.
const SLOW: Duration = Duration::from_millis(100);
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

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
    while frame_begins(&stream)? {
        let mut header = [0; 4];
        read_patiently(&mut stream, &mut header)?;
        let length = u32::from_be_bytes(header) as usize;
        if length > MAXIMUM {
            return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
        }
        let mut payload = vec![0; length];
        read_patiently(&mut stream, &mut payload)?;
        stream.write_all(&[&header, &payload[..]].concat())?;
    }
    Ok(())
}

/// Waits for the first byte of a frame, which stays in the stream; false at its end.
fn frame_begins(stream: &TcpStream) -> io::Result<bool> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    Ok(stream.peek(&mut [0])? > 0)
}

/// Fills the buffer, and gives a slow client more time.
fn read_patiently(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    stream.set_read_timeout(Some(SLOW))?;
    let mut got = 0;
    match fill(stream, buffer, &mut got) {
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            println!("the client is slow, trying again");
            stream.set_read_timeout(Some(TIMEOUT))?;
            fill(stream, buffer, &mut got) // goes on behind the bytes that are there
        }
        result => result,
    }
}

/// Reads until the buffer is full. `got` counts its bytes, and is right after an error as well.
fn fill(stream: &mut TcpStream, buffer: &mut [u8], got: &mut usize) -> io::Result<()> {
    while *got < buffer.len() {
        match stream.read(&mut buffer[*got..]) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(more) => *got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
