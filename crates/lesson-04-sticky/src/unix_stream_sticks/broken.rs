//! Both ends of a Unix stream socket in one program: sends each line of its input, then reads and prints the messages.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long a write may wait for room.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Needs no server, and no address.
pub fn connect(_addr: SocketAddr) -> io::Result<()> {
    let (mut sender, receiver) = UnixStream::pair()?;
    sender.set_write_timeout(Some(TIMEOUT))?;
    for message in io::stdin().lines() {
        sender.write_all(message?.as_bytes())?; // no TCP and no Nagle, but still a stream: no message has an end
    }
    sender.shutdown(Shutdown::Write)?;
    receive(receiver)
}

fn receive(mut receiver: UnixStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let got = receiver.read(&mut buffer)?; // one read gives what has come by now
        if got == 0 {
            return Ok(());
        }
        println!("-----> {}", String::from_utf8_lossy(&buffer[..got]));
    }
}
