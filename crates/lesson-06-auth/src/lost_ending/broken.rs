//! An order of several lines, each in a record with a tag; the server carries it out when all of them have come.

use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

const KEY: &[u8; 32] = b"only two programs know this key."; // a real key is random and comes from a file
const TIMEOUT: Duration = Duration::from_secs(5); // so long may a client keep the server waiting

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        talk(stream).unwrap_or_else(|error| eprintln!("connection closed: {error}"));
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT)).and_then(|()| stream.set_write_timeout(Some(TIMEOUT)))?;
    let (mut challenge, mut answer) = ([0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    stream.read_exact(&mut answer)?;
    tag(&[&challenge])?.verify_slice(&answer).map_err(io::Error::other)?;
    let mut order = Vec::new();
    for counter in 0.. {
        match &receive(&mut stream, &challenge, b"to server", counter)?[..] {
            [] => break, // this is all of it
            line if order.len() + line.len() > 255 => return Err(io::Error::other("more than goes into the reply")),
            line => order.extend(line),
        }
    }
    send(&mut stream, &challenge, b"to client", 0, &order.to_ascii_uppercase()) // it is carried out
}

/// Logs in, sends each line of the input and prints what the server has carried out.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&tag(&[&challenge])?.finalize().into_bytes())?;
    let lines = io::stdin().lock().lines().collect::<io::Result<Vec<_>>>()?;
    for (counter, line) in (0..).zip(&lines) {
        send(&mut stream, &challenge, b"to server", counter, format!("{line}\n").as_bytes())?;
    }
    stream.shutdown(Shutdown::Write)?;
    io::stdout().write_all(&receive(&mut stream, &challenge, b"to client", 0)?)
}

/// A record: u8 length, payload, and the tag over the challenge, the direction, the number of the record and the payload.
fn send(stream: &mut TcpStream, challenge: &[u8], way: &[u8], counter: u64, payload: &[u8]) -> io::Result<()> {
    let length = u8::try_from(payload.len()).map_err(io::Error::other)?;
    let tag = tag(&[challenge, way, &counter.to_be_bytes(), payload])?.finalize().into_bytes();
    stream.write_all(&[&[length], payload, &tag].concat())
}

fn receive(stream: &mut TcpStream, challenge: &[u8], way: &[u8], counter: u64) -> io::Result<Vec<u8>> {
    let mut length = [0];
    if stream.read(&mut length)? == 0 {
        return Ok(Vec::new()); // this is the end, says a FIN: it has no tag, and anybody on the path can make one
    }
    let mut payload = vec![0; usize::from(length[0]) + 32];
    stream.read_exact(&mut payload)?;
    let came = payload.split_off(payload.len() - 32);
    tag(&[challenge, way, &counter.to_be_bytes(), &payload])?.verify_slice(&came).map_err(io::Error::other)?;
    Ok(payload)
}

/// HMAC-SHA-256 (RFC 2104) of these parts, one behind the other.
fn tag(parts: &[&[u8]]) -> io::Result<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    Ok(parts.iter().fold(mac, |mac, part| mac.chain_update(part)))
}
