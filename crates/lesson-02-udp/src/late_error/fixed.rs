//! A client that sends each line of its input as one datagram, as a program reports numbers; nothing is answered.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// How often to try one line: one more error may come in between.
const TRIES: u32 = 3;

/// Reports until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    for line in io::stdin().lines() {
        report(&socket, line?.as_bytes())?;
    }
    Ok(())
}

/// Sends one line; again where the error is that of an earlier one.
fn report(socket: &UdpSocket, line: &[u8]) -> io::Result<()> {
    for _ in 1..TRIES {
        match socket.send(line) {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {} // said once: the kernel forgets it now
            sent => return sent.map(drop),
        }
    }
    socket.send(line)?;
    Ok(())
}
