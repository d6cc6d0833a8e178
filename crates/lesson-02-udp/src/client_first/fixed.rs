//! A client that says `hello` and prints the answer and who gave it.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long to wait for an answer before asking again.
const TIMEOUT: Duration = Duration::from_millis(200);
/// How often to ask before giving up.
const TRIES: u32 = 20;

/// Ends when the answer is there, or after the last try.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024];
    for _ in 0..TRIES {
        socket.send_to(b"hello", addr)?;
        let (got, sender) = match receive(&socket, &mut buffer) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            received => received?,
        };
        println!("{} from {sender}", String::from_utf8_lossy(&buffer[..got]));
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::TimedOut, format!("no answer from {addr} after {TRIES} tries")))
}

fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    loop {
        match socket.recv_from(buffer) {
            // how Windows says that a datagram found nobody
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            received => return received,
        }
    }
}
