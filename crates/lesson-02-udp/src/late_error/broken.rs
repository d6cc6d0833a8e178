//! A client that sends each line of its input as one datagram, as a program reports numbers; nothing is answered.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// Reports until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    for line in io::stdin().lines() {
        report(&socket, line?.as_bytes())?;
    }
    Ok(())
}

/// Sends one line.
fn report(socket: &UdpSocket, line: &[u8]) -> io::Result<()> {
    // what fails here is an earlier datagram, which found nobody; this one was not sent at all
    socket.send(line)?;
    Ok(())
}
