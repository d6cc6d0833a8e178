//! A login by challenge and answer; after it, the server upper-cases what comes from that client.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;

const KEY: &[u8; 32] = b"only two programs know this key."; // a real key is random and comes from a file
const TIMEOUT: Duration = Duration::from_secs(5); // so long may a client keep the server waiting

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = talk(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?;
    tag(&[&challenge])?.verify_slice(&answer).map_err(io::Error::other)?;
    for counter in 0.. {
        let Some(payload) = receive(&mut stream, &challenge, b"to server", counter)? else { break };
        send(&mut stream, &challenge, b"to client", counter, &payload.to_ascii_uppercase())?;
    }
    Ok(())
}

/// Logs in, sends each line of the input and prints what comes back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&tag(&[&challenge])?.finalize().into_bytes())?;
    for (counter, line) in (0..).zip(io::stdin().lock().lines()) {
        send(&mut stream, &challenge, b"to server", counter, line?.as_bytes())?;
        let reply = receive(&mut stream, &challenge, b"to client", counter)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        println!("{}", String::from_utf8_lossy(&reply));
    }
    Ok(())
}

/// A frame: u8 length, payload, and the tag over the challenge, the direction, the number of the exchange and the payload.
fn send(stream: &mut TcpStream, challenge: &[u8], way: &[u8], counter: u64, payload: &[u8]) -> io::Result<()> {
    let length = u8::try_from(payload.len()).map_err(io::Error::other)?;
    let tag = tag(&[challenge, way, &counter.to_be_bytes(), payload])?.finalize().into_bytes();
    stream.write_all(&[&[length], payload, &tag].concat())
}

fn receive(stream: &mut TcpStream, challenge: &[u8], way: &[u8], counter: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0];
    if stream.read(&mut length)? == 0 {
        return Ok(None);
    }
    let mut payload = vec![0; usize::from(length[0]) + 32];
    stream.read_exact(&mut payload)?;
    let came = payload.split_off(payload.len() - 32);
    tag(&[challenge, way, &counter.to_be_bytes(), &payload])?.verify_slice(&came).map_err(io::Error::other)?;
    Ok(Some(payload))
}

/// HMAC-SHA-256 (RFC 2104) of these parts, one behind the other.
fn tag(parts: &[&[u8]]) -> io::Result<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    Ok(parts.iter().fold(mac, |mac, part| mac.chain_update(part)))
}
