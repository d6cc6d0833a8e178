//! A client that answers the challenge, sends each line of its input and prints what comes back, of the same length.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A real key is random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Logs in and talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    stream.write_all(&mac.finalize().into_bytes())?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut reply = vec![0; line.len()];
        stream.read_exact(&mut reply)?;
        println!("{}", String::from_utf8_lossy(&reply));
    }
    Ok(())
}
