//! A server that sends every datagram back, behind a mark.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

/// What an answer begins with.
const MARK: &[u8] = b"[echo] ";
/// The longest datagram that is taken, bytes; what is longer is cut.
const MAXIMUM: usize = 1024;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; MAXIMUM];
    loop {
        let (got, sender) = match socket.recv_from(&mut buffer) {
            // how Windows says that the receiver of an earlier answer has gone
            Err(error) if error.kind() == ErrorKind::ConnectionReset => continue,
            received => received?,
        };
        let datagram = &buffer[..got];
        if datagram.starts_with(MARK) {
            continue; // an answer is never answered, whoever sent it
        }
        if let Err(error) = socket.send_to(&[MARK, datagram].concat(), sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
