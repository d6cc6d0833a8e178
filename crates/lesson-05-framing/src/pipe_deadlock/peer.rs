//! A client that sends each line of its input as one frame and prints how each frame that comes back begins.

use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// The longest frame that is accepted, bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// So much of a frame is printed, bytes.
const SHOWN: usize = 8;

/// Sends everything, then reads until the server closes.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(&[&(line.len() as u32).to_be_bytes(), line.as_bytes()].concat())?;
    }
    let _ = stream.shutdown(Shutdown::Write); // fails when the server has gone, which the reads below report
    loop {
        let mut header = [0; 4];
        let got = stream.read(&mut header)?;
        if got == 0 {
            return Ok(());
        }
        stream.read_exact(&mut header[got..])?;
        let length = u32::from_be_bytes(header) as usize;
        if length > LONGEST {
            return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
        }
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload)?;
        let start = String::from_utf8_lossy(&payload[..length.min(SHOWN)]);
        println!("{length} bytes: {start}{}", if length > SHOWN { "..." } else { "" });
    }
}
