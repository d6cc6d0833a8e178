//! Short messages: the server prints each one and sends the same line back; the client sends each line of its input.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest message that is accepted, bytes.
const MAXIMUM: usize = 1024;
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
    let mut kept = Vec::new(); // what came of a message whose end has not come yet
    let mut buffer = vec![0; 2]; // its size does not matter any more
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return if kept.is_empty() { Ok(()) } else { Err(io::Error::other("the stream ended inside a message")) };
        }
        kept.extend_from_slice(&buffer[..got]);
        while let Some(message) = next_message(&mut kept)? {
            acknowledge(&mut stream, &message)?;
        }
        buffer.resize(10, 0);
    }
}

/// Takes out the first message, if its end has come.
fn next_message(kept: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let end = kept.iter().position(|byte| *byte == b'\n');
    if end.unwrap_or(kept.len()) > MAXIMUM {
        return Err(io::Error::other(format!("a message is longer than {MAXIMUM} bytes")));
    }
    Ok(end.map(|end| kept.drain(..=end).take(end).collect()))
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}

/// Sends the messages and prints what comes back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for message in io::stdin().lock().lines() {
        stream.write_all(format!("{}\n", message?).as_bytes())?; // the newline ends the message
    }
    stream.shutdown(Shutdown::Write)?;
    for line in BufReader::new(stream).lines() {
        println!("{}", line?);
    }
    Ok(())
}
