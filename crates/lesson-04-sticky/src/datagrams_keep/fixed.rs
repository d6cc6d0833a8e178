//! A server of short messages, one a datagram: it prints each one and sends the same line back.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// The longest message that is accepted, bytes.
const MAXIMUM: usize = 1024;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; MAXIMUM + 1]; // a datagram that fills the last byte is too long
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?;
        if got > MAXIMUM {
            eprintln!("{sender}: a message is longer than {MAXIMUM} bytes");
        } else if let Err(error) = acknowledge(&socket, &buffer[..got], sender) {
            eprintln!("{sender}: {error}");
        }
    }
}

fn acknowledge(socket: &UdpSocket, message: &[u8], sender: SocketAddr) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    socket.send_to(&[b"-----> ", message].concat(), sender)?;
    Ok(())
}
