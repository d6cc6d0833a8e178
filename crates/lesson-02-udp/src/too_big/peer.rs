//! A server that answers each datagram with the number of its bytes.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// No datagram is larger, bytes.
const LARGEST: usize = 65_535;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; LARGEST];
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?;
        if let Err(error) = socket.send_to(format!("{got} bytes").as_bytes(), sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
