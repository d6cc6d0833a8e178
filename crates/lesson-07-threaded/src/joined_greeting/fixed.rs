//! A client of the menu. It sends its first command at once, and does not wait for the greeting before.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Bytes of the greeting.
const GREETING: usize = 15;
/// Bytes of every answer.
const ANSWER: usize = 16;
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
            println!("greeting: {}", receive(&mut stream, GREETING)?);
            greeted = true;
        }
        if line == "exit" {
            break;
        }
        println!("answer: {}", receive(&mut stream, ANSWER)?);
    }
    Ok(())
}

/// The next text, of so many bytes.
fn receive(stream: &mut TcpStream, length: usize) -> io::Result<String> {
    let mut text = vec![0; length];
    stream.read_exact(&mut text)?; // this text and no other, however they arrive
    Ok(String::from_utf8_lossy(&text).into_owned())
}
