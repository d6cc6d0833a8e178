//! A server that wants a name: one line, whole within a third of a second. Then it says `welcome` and closes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long a client may take to say its name.
const LIMIT: Duration = Duration::from_millis(300);
/// The longest name, bytes.
const LONGEST: usize = 255;

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || match welcome(stream) {
            Ok(()) => {}
            Err(error) if is_timeout(&error) => eprintln!("connection closed: too slow"),
            Err(error) => eprintln!("connection closed: {error}"),
        });
    }
}

fn welcome(mut stream: TcpStream) -> io::Result<()> {
    stream.set_write_timeout(Some(LIMIT))?;
    read_name(&mut stream)?;
    stream.write_all(b"welcome\n")
}

fn read_name(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let deadline = Instant::now() + LIMIT; // one moment for the whole name
    let mut name = Vec::new();
    while name.len() < LONGEST {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        if byte == *b"\n" {
            return Ok(name);
        }
        name.push(byte[0]);
    }
    Err(io::Error::other("the name is too long"))
}

/// `WouldBlock` is what a timeout is called on Unix.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
