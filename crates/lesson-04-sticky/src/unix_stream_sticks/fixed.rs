//! Both ends of a Unix stream socket in one program: sends each line of its input, then reads and prints the messages.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// The longest message that is accepted, bytes.
const MAXIMUM: u64 = 1024;
/// How long a write may wait for room.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Needs no server, and no address.
pub fn connect(_addr: SocketAddr) -> io::Result<()> {
    let (mut sender, receiver) = UnixStream::pair()?;
    sender.set_write_timeout(Some(TIMEOUT))?;
    for message in io::stdin().lines() {
        sender.write_all(format!("{}\n", message?).as_bytes())?; // the newline ends the message
    }
    sender.shutdown(Shutdown::Write)?;
    receive(receiver)
}

fn receive(receiver: UnixStream) -> io::Result<()> {
    let mut reader = BufReader::new(receiver); // keeps what came after the newline
    loop {
        let mut message = Vec::new();
        reader.by_ref().take(MAXIMUM + 1).read_until(b'\n', &mut message)?;
        match message.pop() {
            Some(b'\n') => println!("-----> {}", String::from_utf8_lossy(&message)),
            Some(_) => return Err(io::Error::other("a message is too long, or the stream ended inside it")),
            None => return Ok(()),
        }
    }
}
