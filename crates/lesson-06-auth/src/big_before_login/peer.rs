//! A client that has the key. It sends each line of its input as a frame and prints the answer.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Known to the server and to its client. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";

/// Logs in, then talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    let mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    stream.write_all(&frame(&mac.chain_update(challenge).finalize().into_bytes()))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(&frame(line.as_bytes()))?;
        let mut answer = vec![0; 4 + line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer[4..]));
    }
    Ok(())
}

fn frame(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes(), payload].concat()
}
