//! A server of short messages, one a datagram: it prints each one and sends the same line back.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 2];
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?; // what does not fit is lost, it does not come next time
        if let Err(error) = acknowledge(&socket, &buffer[..got], sender) {
            eprintln!("{sender}: {error}");
        }
    }
}

fn acknowledge(socket: &UdpSocket, message: &[u8], sender: SocketAddr) -> io::Result<()> {
    println!("-----> {}", String::from_utf8_lossy(message));
    socket.send_to(&[b"-----> ", message].concat(), sender)?;
    Ok(())
}
