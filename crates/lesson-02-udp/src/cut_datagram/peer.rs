//! A client that sends each line of its input as one datagram, and says how much came back.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 65_535];
    for line in io::stdin().lines() {
        let line = line?;
        let sent = socket.send(line.as_bytes())?;
        let got = socket.recv(&mut buffer)?;
        println!("sent {sent} bytes, {got} came back");
    }
    Ok(())
}
