//! Short messages: the server prints each one and sends the same line back; the client sends each line of its input.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Between two messages.
const PAUSE: Duration = Duration::from_millis(50);
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
    let mut buffer = [0; 1024];
    loop {
        let got = stream.read(&mut buffer)?; // everything that has come by now, from however many sends
        if got == 0 {
            return Ok(());
        }
        acknowledge(&mut stream, &buffer[..got])?;
    }
}

fn acknowledge(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    stream.write_all(&[b"-----> ", message, b"\n"].concat())
}

/// Sends the messages and prints what comes back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for message in io::stdin().lock().lines() {
        stream.write_all(message?.as_bytes())?;
        thread::sleep(PAUSE); // a pause here is none there: the network or the reader may be slower
    }
    stream.shutdown(Shutdown::Write)?;
    for line in BufReader::new(stream).lines() {
        println!("{}", line?);
    }
    Ok(())
}
