//! A client that sends each line of its input as one datagram of GBK text and prints the answer, which is UTF-8.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use encoding_rs::GBK;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 2048];
    for line in io::stdin().lines() {
        let line = line?;
        let (bytes, _, unknown) = GBK.encode(&line);
        if unknown {
            return Err(io::Error::other(format!("GBK has no bytes for a character of: {line}")));
        }
        socket.send(&bytes)?;
        let got = socket.recv(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
    Ok(())
}
