//! A client that asks one question a datagram: a number, a blank, a line of its input. The answer is the same bytes.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// The longest answer that is accepted, bytes.
const MAXIMUM: usize = 1024;

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(addr)?;
    for (line, number) in io::stdin().lines().zip(1..) {
        let question = format!("{number} {}", line?);
        ask(&socket, question.as_bytes())?;
        println!("{question}");
    }
    Ok(())
}

/// Sends the question and waits for its answer.
fn ask(socket: &UdpSocket, question: &[u8]) -> io::Result<()> {
    let mut buffer = [0; MAXIMUM + 1];
    socket.send(question)?;
    loop {
        let got = socket.recv(&mut buffer)?; // when the question or the answer is lost, this waits for ever
        if buffer[..got] == *question {
            return Ok(());
        }
    }
}
