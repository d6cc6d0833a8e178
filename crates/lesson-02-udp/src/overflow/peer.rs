//! A server that takes the pieces of a file, prints the number of each and sends it back.

use std::collections::HashSet;
use std::io;
use std::net::{SocketAddr, UdpSocket};

/// The bytes of one piece.
const PIECE: usize = 8192;
/// The most pieces of a file.
const MAXIMUM: u32 = 65_536;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut pieces = HashSet::new();
    let mut buffer = [0; PIECE];
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?;
        let [a, b, c, d, ..] = buffer;
        let number = u32::from_be_bytes([a, b, c, d]);
        if got != PIECE || number >= MAXIMUM {
            continue;
        }
        if pieces.insert(number) {
            println!("piece {number}");
        }
        // One that comes twice is acknowledged twice: the first acknowledgement may be lost.
        if let Err(error) = socket.send_to(&number.to_be_bytes(), sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
