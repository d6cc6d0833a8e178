//! Short messages: the server prints each one and sends the same line back; the client sends each line of its input.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest message that is accepted, bytes.
const MAXIMUM: u64 = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = receive(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn receive(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut reader = BufReader::new(stream.try_clone()?); // keeps what came after the newline
    loop {
        let mut message = Vec::new();
        reader.by_ref().take(MAXIMUM + 1).read_until(b'\n', &mut message)?;
        match message.pop() {
            Some(b'\n') => acknowledge(&mut stream, &message)?,
            Some(_) => return Err(io::Error::other("a message is too long, or the stream ended inside it")),
            None => return Ok(()),
        }
    }
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}

/// Sends the messages and prints what comes back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?; // against delay, which is what it is for
    for message in io::stdin().lock().lines() {
        stream.write_all(format!("{}\n", message?).as_bytes())?; // the newline ends the message
    }
    stream.shutdown(Shutdown::Write)?;
    for line in BufReader::new(stream).lines() {
        println!("{}", line?);
    }
    Ok(())
}
