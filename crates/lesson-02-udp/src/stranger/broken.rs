//! A client that sends each line of its input as one datagram and prints the answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut server = addr;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024]; // a longer answer is cut (cut-datagram), a late one passes for the next (lost-reply)
    for line in io::stdin().lines() {
        socket.send_to(line?.as_bytes(), server)?;
        let got;
        (got, server) = socket.recv_from(&mut buffer)?; // whoever sends to this port is taken for the server from now on
        println!("{}", String::from_utf8_lossy(&buffer[..got]));
    }
    Ok(())
}
