//! A client that shows that it knows the secret, and a server that upper-cases whatever it then says.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;

/// A real secret comes from a file, as in the finished program.
const SECRET: &[u8; 32] = b"only two programs know this key.";
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
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?;
    keyed(&challenge)?.verify_slice(&answer).map_err(|_| io::Error::other("this is no answer to the challenge"))?;
    let mut piece = [0; 1024];
    loop {
        let length = stream.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&piece[..length].to_ascii_uppercase())?;
    }
}

/// Logs in, sends each line of the input and prints what comes back, of the same length.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&keyed(&challenge)?.finalize().into_bytes())?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut reply = vec![0; line.len()];
        stream.read_exact(&mut reply)?;
        println!("{}", String::from_utf8_lossy(&reply));
    }
    Ok(())
}

/// HMAC-SHA-256 (RFC 2104) of the challenge.
fn keyed(challenge: &[u8]) -> io::Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).map_err(io::Error::other)?;
    mac.update(challenge);
    Ok(mac)
}
