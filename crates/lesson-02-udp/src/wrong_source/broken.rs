//! A server that answers every datagram with `hi`, at each of the two addresses of this host.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    // one socket for all addresses: it does not know which of them was asked, and answers from the one that the route takes
    let all = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, addr.port()))?;
    println!("listening on {}", all.local_addr()?);
    answer(&all)
}

fn answer(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let (_, sender) = socket.recv_from(&mut buffer)?;
        if let Err(error) = socket.send_to(b"hi", sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
