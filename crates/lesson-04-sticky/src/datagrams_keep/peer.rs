//! A client that sends each line of its input as one datagram, then waits for as many answers and prints them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends everything without waiting for answers.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let messages: Vec<String> = io::stdin().lines().collect::<io::Result<_>>()?;
    for message in &messages {
        socket.send(message.as_bytes())?;
    }
    let mut buffer = [0; 2048];
    for _ in &messages {
        let got = socket.recv(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
    Ok(())
}
