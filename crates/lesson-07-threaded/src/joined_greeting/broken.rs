//! A client of the menu. It sends its first command at once, and does not wait for the greeting before.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Talks until `exit` was sent or the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut greeted = false;
    for line in io::stdin().lines() {
        let line = line?;
        if line.is_empty() {
            continue;
        }
        stream.write_all(line.as_bytes())?;
        if !greeted {
            println!("greeting: {}", receive(&mut stream)?);
            greeted = true;
        }
        if line == "exit" {
            break;
        }
        println!("answer: {}", receive(&mut stream)?);
    }
    Ok(())
}

/// The next text.
fn receive(stream: &mut TcpStream) -> io::Result<String> {
    let mut text = [0; 1024];
    let got = stream.read(&mut text)?; // whatever has arrived: two texts at once, or half a one
    if got == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&text[..got]).into_owned())
}
