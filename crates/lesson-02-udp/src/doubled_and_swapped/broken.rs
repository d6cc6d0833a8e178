//! A server that keeps a text: each datagram is a number, a blank and one line of it. `all` asks for the whole text.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// The longest datagram that is kept, bytes, and how many are.
const MAXIMUM: usize = 1024;
const LINES: usize = 1000;

/// Serves until it is stopped.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 65_535]; // no datagram is larger
    let mut lines = Vec::new();
    loop {
        let (got, sender) = socket.recv_from(&mut buffer)?;
        let datagram = String::from_utf8_lossy(&buffer[..got]).into_owned();
        if datagram == "all" {
            let own = lines.iter().filter(|((from, _), _)| *from == sender);
            let text: Vec<&str> = own.map(|(_, line)| line as &str).collect();
            if let Err(error) = socket.send_to(text.join(" ").as_bytes(), sender) {
                eprintln!("{sender}: {error}");
            }
        } else if let Some((number, line)) = numbered(&datagram)
            && got <= MAXIMUM
            && lines.len() < LINES
        {
            lines.push(((sender, number), line)); // in the order in which the network delivers, and as often
        }
    }
}

fn numbered(datagram: &str) -> Option<(u32, String)> {
    let (number, line) = datagram.split_once(' ')?;
    Some((number.parse().ok()?, line.to_string()))
}
