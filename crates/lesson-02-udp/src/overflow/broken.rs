//! A client that reads a number from its input and sends so many pieces, one datagram each: 4 bytes big-endian number of
//! the piece, 8188 bytes of payload. The server sends the number of each piece back.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// The bytes of one piece.
const PIECE: usize = 8192;

/// Ends when every piece was sent.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    for number in 0..pieces()? {
        let mut piece = [b'x'; PIECE];
        piece[..4].copy_from_slice(&number.to_be_bytes());
        socket.send(&piece)?; // Ok as soon as it is on its way: what finds the receiver's buffer full is thrown away
    }
    Ok(())
}

fn pieces() -> io::Result<u32> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    line.trim().parse().map_err(io::Error::other)
}
