//! A client that has the key. Each line of its input is an order; it prints the answers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Known to the server and to its client. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";

/// Gives its orders one after the other.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    for line in io::stdin().lock().lines() {
        let line = line?;
        let length = u8::try_from(line.len()).map_err(io::Error::other)?;
        let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
        let tag = mac.chain_update(&line).finalize().into_bytes();
        stream.write_all(&[&[length], line.as_bytes(), &tag[..]].concat())?;
        let mut answer = String::new();
        answers.by_ref().take(1024).read_line(&mut answer)?;
        println!("{}", answer.trim_end());
    }
    Ok(())
}
