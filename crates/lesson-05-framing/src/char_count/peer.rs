//! A client that sends each line of its input as one frame and prints the text that comes back.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// The longest text that is accepted, bytes.
const MAXIMUM: usize = 64 * 1024;

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let header = (line.len() as u32).to_be_bytes();
        stream.write_all(&[&header, line.as_bytes()].concat())?;
        let mut header = [0; 4];
        stream.read_exact(&mut header)?;
        let length = u32::from_be_bytes(header) as usize;
        if length > MAXIMUM {
            return Err(io::Error::other(format!("the server announces a text of {length} bytes")));
        }
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload)?;
        println!("{}", String::from_utf8_lossy(&payload));
    }
    Ok(())
}
