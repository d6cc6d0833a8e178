//! A client that has the key: it answers the challenge, sends its lines and prints what comes back.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Known to server and client. A real key is made at random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    stream.write_all(&mac.finalize().into_bytes())?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
