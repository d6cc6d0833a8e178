//! A client that sends the lines of its input and prints the answers.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// What the server puts before every answer.
const LABEL: &str = "echo: ";

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.is_empty() {
            eprintln!("an empty line cannot be sent: it has no bytes");
            continue;
        }
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; LABEL.len() + line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
