//! A client that sends each line of its input and takes an answer only from the address that it asked.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// How long an answer may take: a datagram can get lost.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Talks until the input ends. After `connect` the kernel would compare the addresses and say nothing; this client does
/// it by itself and tells.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024];
    for line in io::stdin().lines() {
        socket.send_to(line?.as_bytes(), addr)?;
        println!("asks {}", addr.ip());
        loop {
            let (got, sender) = socket.recv_from(&mut buffer)?;
            if sender == addr {
                println!("{} answers: {}", addr.ip(), String::from_utf8_lossy(&buffer[..got]));
                break;
            }
            println!("throws away an answer from {}", sender.ip());
        }
    }
    Ok(())
}
