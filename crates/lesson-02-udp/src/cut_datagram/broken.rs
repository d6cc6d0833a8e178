//! A server that sends every datagram back.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Room for one datagram, bytes.
const ROOM: usize = 1024;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; ROOM];
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?; // 1024 may be all of a datagram or a part: no one says
        if let Err(error) = socket.send_to(&buffer[..got], sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
