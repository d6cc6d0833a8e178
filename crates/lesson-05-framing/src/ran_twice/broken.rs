//! A server that takes orders: 4-byte big-endian length, then the id of the request, a blank, what is ordered.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest payload that is accepted, bytes.
const MAXIMUM: usize = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let mut taken = 0;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = take_orders(stream, &mut taken) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn take_orders(mut stream: TcpStream, taken: &mut u32) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    while let Some(request) = read_frame(&mut stream)? {
        let Some((_, what)) = request.split_once(' ') else {
            return Err(io::Error::other("a request without an id"));
        };
        *taken += 1; // whether this request was here before is not asked: its id is thrown away
        println!("takes order {taken}: {what}");
        let reply = format!("order {taken}: {what}");
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
