//! A server that sends every datagram back.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..got], sender)?;
    }
}
