//! A client that sends each line of its input as one datagram and prints the answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut buffer = [0; 1024];
    for line in io::stdin().lines() {
        socket.send_to(line?.as_bytes(), addr)?;
        // where nobody has the port, an ICMP message says so; the kernel keeps it from a socket without a peer
        let (got, _) = socket.recv_from(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
    Ok(())
}
