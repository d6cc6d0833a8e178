//! A client that sends each line of its input as one message, its length before it, and prints what comes back.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

/// Sends everything, then waits for one line for each message. Its half stays open: it might have more to say.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut sent = 0;
    for message in io::stdin().lock().lines() {
        let message = message?;
        stream.write_all(format!("{}\n{message}", message.len()).as_bytes())?;
        sent += 1;
    }
    let mut answers = BufReader::new(stream).lines();
    for number in 1..=sent {
        match answers.next() {
            Some(line) => println!("{}", line?),
            None => return Err(io::Error::other(format!("the server ended before it answered message {number}"))),
        }
    }
    Ok(())
}
