//! A server that sends every datagram back.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let (got, sender) = match socket.recv_from(&mut buffer) {
            // how Windows says that an earlier answer found nobody
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            received => received?,
        };
        if let Err(error) = socket.send_to(&buffer[..got], sender) {
            eprintln!("{sender}: {error}");
        }
        if &buffer[..got] == b"exit" {
            return Ok(()); // whoever can send a datagram ends the server for all its clients
        }
    }
}
