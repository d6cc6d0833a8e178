//! A server that upper-cases for whoever has the key, and a client whose key has a typing mistake.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Both sides are meant to have the same. A real key is made at random and comes from a file, as in the finished program.
const SERVERS_KEY: &[u8; 32] = b"thirty-two bytes of a shared key";
const CLIENTS_KEY: &[u8; 32] = b"thirty-two bytes of a shared kez";
/// How long one side may keep the other waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

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
    let (mut challenge, mut digest) = ([0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    stream.read_exact(&mut digest)?;
    let verdict = mac(SERVERS_KEY, &challenge)?.verify_slice(&digest);
    stream.write_all(if verdict.is_ok() { b"+" } else { b"-" })?; // one byte: come in, or not; no reason
    verdict.map_err(|_| io::Error::other("this client does not have the key"))?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}

/// Logs in, sends each line of the input and prints what comes back.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&mac(CLIENTS_KEY, &challenge)?.finalize().into_bytes())?;
    let mut verdict = [0; 1];
    stream.read_exact(&mut verdict)?;
    if &verdict != b"+" {
        return Err(io::Error::other("the server refused the login: compare the keys of both sides"));
    }
    for line in io::stdin().lock().lines() {
        stream.write_all(line?.as_bytes())?;
        let mut piece = [0; 1024];
        let got = stream.read(&mut piece)?; // what has come by now, and not the whole answer: see short-body
        println!("{}", String::from_utf8_lossy(&piece[..got]));
    }
    Ok(())
}

fn mac(key: &[u8], challenge: &[u8]) -> io::Result<Hmac<Sha256>> {
    let mut mac = Hmac::new_from_slice(key).map_err(io::Error::other)?;
    mac.update(challenge);
    Ok(mac)
}
