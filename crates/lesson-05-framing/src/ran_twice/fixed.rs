//! A server that takes orders: 4-byte big-endian length, then the id of the request, a blank, what is ordered.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest payload that is accepted, bytes.
const MAXIMUM: usize = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Replies that are kept: a client that asks again does so before so many others have asked.
const KEPT: usize = 1000;

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let mut taken = 0;
    let mut kept = VecDeque::new();
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = take_orders(stream, &mut taken, &mut kept) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn take_orders(mut stream: TcpStream, taken: &mut u32, kept: &mut VecDeque<(String, String)>) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    while let Some(request) = read_frame(&mut stream)? {
        let Some((id, what)) = request.split_once(' ') else {
            return Err(io::Error::other("a request without an id"));
        };
        // One thing is left out: an id that comes with another order; the finished program refuses it.
        if !kept.iter().any(|(before, _)| before == id) {
            *taken += 1;
            println!("takes order {taken}: {what}");
            kept.push_front((id.to_string(), format!("order {taken}: {what}"))); // before it is sent, and may be lost
            kept.truncate(KEPT);
        }
        let Some((_, reply)) = kept.iter().find(|(before, _)| before == id) else { continue };
        stream.write_all(&[&(reply.len() as u32).to_be_bytes(), reply.as_bytes()].concat())?;
    }
    Ok(())
}

/// The next request; `None` at the end of the stream.
fn read_frame(stream: &mut TcpStream) -> io::Result<Option<String>> {
    if stream.peek(&mut [0])? == 0 {
        return Ok(None);
    }
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let length = u32::from_be_bytes(header) as usize;
    if length > MAXIMUM {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload)?;
    String::from_utf8(payload).map(Some).map_err(io::Error::other)
}
