//! A server that takes one message of each client, a line, acknowledges it with `ok` and closes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest message that is accepted, bytes.
const MAXIMUM: u64 = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        match take(stream) {
            Ok(message) => println!("took {message}, and closed"),
            Err(error) => eprintln!("connection closed: {error}"),
        }
    }
}

fn take(mut stream: TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut message = String::new();
    BufReader::new(&stream).take(MAXIMUM).read_line(&mut message)?;
    stream.write_all(b"ok\n")?;
    Ok(message.trim_end().to_string())
}
