//! Client and server prove to each other that they have the key. Then every piece comes back in upper case.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Which client this is: A for Alice, M for Mallory.
const ME: u8 = b'A';
/// How long the peer may keep us waiting.
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
    stream.set_read_timeout(Some(TIMEOUT)).and_then(|()| stream.set_write_timeout(Some(TIMEOUT)))?;
    let (mut nonce, mut hello, mut tag) = ([0; 32], [0; 33], [0; 32]);
    SysRng.try_fill_bytes(&mut nonce).map_err(io::Error::other)?;
    stream.write_all(&nonce)?;
    stream.read_exact(&mut hello)?;
    stream.read_exact(&mut tag)?;
    let refuse = |_| io::Error::other("this client does not have the key");
    mac("client", &nonce, &hello)?.verify_slice(&tag).map_err(refuse)?;
    stream.write_all(&mac("server", &nonce, &hello)?.finalize().into_bytes())?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}

/// Talks only to a server that has the key, until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let (mut nonce, mut hello, mut tag) = ([0; 32], [ME; 33], [0; 32]);
    SysRng.try_fill_bytes(&mut hello[1..]).map_err(io::Error::other)?;
    stream.read_exact(&mut nonce)?;
    stream.write_all(&[&hello[..], &mac("client", &nonce, &hello)?.finalize().into_bytes()].concat())?;
    stream.read_exact(&mut tag)?;
    let refuse = |_| io::Error::other("this server does not have the key");
    mac("server", &nonce, &hello)?.verify_slice(&tag).map_err(refuse)?;

    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

/// The proof of one role, for this one connection. A real key is made at random and comes from a file.
fn mac(role: &str, nonce: &[u8; 32], hello: &[u8; 33]) -> io::Result<Hmac<Sha256>> {
    let key = match hello[0] {
        b'A' => b"the key that alice was given....", // what Mallory has is worth nothing here
        b'M' => b"the key that mallory was given..",
        _ => return Err(io::Error::other("there is no such client")),
    };
    let mac = Hmac::new_from_slice(key).map_err(io::Error::other)?;
    Ok(mac.chain_update(role).chain_update(nonce).chain_update(hello))
}
