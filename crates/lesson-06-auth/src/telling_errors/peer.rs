//! A client that logs in as alice. It sends each line of its input and prints what comes back.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const NAME: &[u8] = b"alice";
/// Known to the server and to this client. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"the key that alice was given....";

/// Logs in, then talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    let tag = mac.chain_update(challenge).finalize().into_bytes();
    stream.write_all(&[&[NAME.len() as u8], NAME, &tag[..]].concat())?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut verdict = String::new();
    answers.by_ref().take(1024).read_line(&mut verdict)?;
    if verdict != "welcome\n" {
        return Err(io::Error::other(format!("the server says: {}", verdict.trim_end())));
    }

    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        answers.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
