//! A client that sends each line of its input as one datagram and prints the answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest line, bytes. Every path of the Internet should carry it in one packet (RFC 9000, section 14).
const MAXIMUM: usize = 1200;

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024];
    for line in io::stdin().lines() {
        let line = line?;
        if line.len() > MAXIMUM {
            eprintln!("not sent: {} bytes, and a line has {MAXIMUM} at most", line.len());
            continue;
        }
        socket.send(line.as_bytes())?;
        let got = socket.recv(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
    Ok(())
}
