//! A client that reads a number from its input and sends so many pieces, one datagram each: 4 bytes big-endian number of
//! the piece, 8188 bytes of payload. The server sends the number of each piece back.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// The bytes of one piece.
const PIECE: usize = 8192;
/// How long to wait for the number of a piece before sending it again.
const TIMEOUT: Duration = Duration::from_millis(200);
/// How often to send a piece before giving up.
const TRIES: u32 = 50;

/// Ends when the server has every piece.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    for number in 0..pieces()? {
        let mut piece = [b'x'; PIECE];
        piece[..4].copy_from_slice(&number.to_be_bytes());
        deliver(&socket, &piece)?; // the next piece waits until the server has this one
    }
    Ok(())
}

fn deliver(socket: &UdpSocket, piece: &[u8]) -> io::Result<()> {
    for _ in 0..TRIES {
        socket.send(piece)?;
        if acknowledged(socket, &piece[..4])? {
            return Ok(());
        }
    }
    Err(io::Error::new(ErrorKind::TimedOut, format!("a piece was not acknowledged after {TRIES} tries")))
}

/// Whether the number of this piece comes back in time. That of a piece before may come twice.
fn acknowledged(socket: &UdpSocket, number: &[u8]) -> io::Result<bool> {
    let mut buffer = [0; 4];
    loop {
        match socket.recv(&mut buffer) {
            Ok(got) if &buffer[..got] == number => return Ok(true),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

fn pieces() -> io::Result<u32> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    line.trim().parse().map_err(io::Error::other)
}
