//! A server that receives text as datagrams, prints it and answers with the same text in UTF-8.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

use encoding_rs::GBK;

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
    Some(GBK.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned()) // agreed on, not guessed
}

fn answer(socket: &UdpSocket, text: &str, sender: SocketAddr) {
    println!("{text}");
    if let Err(error) = socket.send_to(text.as_bytes(), sender) {
        eprintln!("{sender}: {error}");
    }
}
