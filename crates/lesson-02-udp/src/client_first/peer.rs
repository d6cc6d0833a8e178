//! A server of one client: it receives one datagram, prints it, answers `hi` and ends.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Serves one client.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    let (got, sender) = socket.recv_from(&mut buffer)?;
    println!("{}", String::from_utf8_lossy(&buffer[..got]));
    socket.send_to(b"hi", sender)?;
    Ok(())
}
