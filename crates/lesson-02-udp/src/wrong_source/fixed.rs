//! A server that answers every datagram with `hi`, at each of the two addresses of this host.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;

/// The second address of this host.
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    // one socket for each address: what comes in at one of them is answered from there
    let first = UdpSocket::bind(addr)?;
    let second = UdpSocket::bind((SECOND, first.local_addr()?.port()))?;
    println!("listening on {}", first.local_addr()?);
    thread::spawn(move || {
        if let Err(error) = answer(&second) {
            eprintln!("{SECOND} is no longer served: {error}");
        }
    });
    answer(&first)
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
