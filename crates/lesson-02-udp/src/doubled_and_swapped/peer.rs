//! A client that sends each line of its input with its number as one datagram, then asks for the text and prints it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long the answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends everything and waits for one answer.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    for (line, number) in io::stdin().lines().zip(1..) {
        socket.send(format!("{number} {}", line?).as_bytes())?;
    }
    socket.send(b"all")?;
    let mut buffer = [0; 65_535];
    let got = socket.recv(&mut buffer)?;
    println!("{}", String::from_utf8_lossy(&buffer[..got]));
    Ok(())
}
