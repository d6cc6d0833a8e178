//! A client that sends the lines of its input as messages, the same over many connections, and counts the right answers.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The longest answer that is looked at, bytes.
const MAXIMUM: u64 = 4096;
/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// As many connections, one after the other, as a stream of these messages can be cut: a stream of n bytes has n - 1
/// places, and at each there is a cut or there is none.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let messages: Vec<String> = io::stdin().lines().collect::<io::Result<_>>()?;
    let stream: String = messages.iter().map(|message| format!("{message}\n")).collect();
    let wanted: String = messages.iter().map(|message| format!("-----> {message}\n")).collect();
    if stream.is_empty() || stream.len() > 13 {
        return Err(io::Error::other("the messages have to be 1 to 13 bytes long, the newlines counted"));
    }
    let ways = 1 << (stream.len() - 1);
    let mut right = 0;
    for _ in 0..ways {
        right += u32::from(exchange(addr, stream.as_bytes())? == wanted.as_bytes());
    }
    println!("{right} of {ways} connections brought the right answers");
    Ok(())
}

/// Sends everything over one connection and takes everything that comes back.
fn exchange(addr: SocketAddr, messages: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(messages)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.take(MAXIMUM).read_to_end(&mut answer)?;
    Ok(answer)
}
