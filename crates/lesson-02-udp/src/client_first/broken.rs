//! A client that says `hello` and prints the answer and who gave it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// Ends when the answer is there.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut buffer = [0; 1024];
    socket.send_to(b"hello", addr)?; // that this is Ok does not say that anybody was there
    let (got, sender) = socket.recv_from(&mut buffer)?; // and so this may wait for ever
    println!("{} from {sender}", String::from_utf8_lossy(&buffer[..got]));
    Ok(())
}
