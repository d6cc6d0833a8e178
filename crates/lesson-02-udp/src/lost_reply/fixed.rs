//! A client that asks one question a datagram: a number, a blank, a line of its input. The answer is the same bytes.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// The longest answer that is accepted, bytes.
const MAXIMUM: usize = 1024;
/// The first wait, and how often to ask. RFC 8085, section 3.1.1, wants a first wait of 1 second on a network.
const WAIT: Duration = Duration::from_millis(300);
const TRIES: u32 = 4;

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

/// Sends the question and waits for its answer; sends it again, with the same number, after longer and longer waits.
fn ask(socket: &UdpSocket, question: &[u8]) -> io::Result<()> {
    let mut buffer = [0; MAXIMUM + 1];
    for attempt in 0..TRIES {
        socket.send(question)?;
        let until = Instant::now() + WAIT * 2_u32.pow(attempt);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            match socket.recv(&mut buffer) {
                Ok(got) if buffer[..got] == *question => return Ok(()),
                Ok(_) => {} // the answer to an earlier question: its number says so
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {} // nobody there yet: see late-error
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => break,
                Err(error) => return Err(error),
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, format!("no answer after {TRIES} tries")))
}
