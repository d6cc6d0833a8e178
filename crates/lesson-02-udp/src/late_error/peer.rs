//! A server that prints every datagram and answers none.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let got = socket.recv(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
}
