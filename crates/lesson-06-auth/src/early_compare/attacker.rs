//! An attacker without the key: it finds the tag of its order byte by byte, with at most 256 guesses for each byte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// What it wants the server to do.
const ORDER: &[u8] = b"open the door";
/// How long it waits for the server.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Forges the tag of one order.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut tag = [0; 32];
    for at in 0..tag.len() {
        let answers = guess(server, &mut tag, at)?;
        if answers.iter().any(|answer| answer.starts_with("done")) {
            println!("done without the key, after {} guesses", (at + 1) * 256);
            return Ok(());
        }
        let work = |answer: &String| answer.rsplit(' ').next().and_then(|number| number.parse::<u32>().ok());
        let most = answers.iter().map(work).max();
        if most == answers.iter().map(work).min() {
            return Err(io::Error::other(format!("all {} guesses made the same work", answers.len())));
        }
        // The guess that made more work than the others has one more byte right.
        tag[at] = answers.iter().position(|answer| Some(work(answer)) == most).unwrap_or_default() as u8;
    }
    Err(io::Error::other("the work has led nowhere"))
}

/// Sends the order with each of the 256 values of one byte of the tag, and gives the 256 answers.
fn guess(server: SocketAddr, tag: &mut [u8; 32], at: usize) -> io::Result<Vec<String>> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut guesses = Vec::new();
    for value in 0..=255 {
        tag[at] = value;
        guesses.extend([&[ORDER.len() as u8], ORDER, &tag[..]].concat());
    }
    stream.write_all(&guesses)?;
    stream.shutdown(Shutdown::Write)?;
    BufReader::new(stream.take(64 * 1024)).lines().collect()
}
