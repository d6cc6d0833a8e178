//! An attacker without the key that poses as the server: what one client asks, another client answers.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long a client may keep it waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Waits for two clients of the server. It needs nothing of the server itself.
pub fn attack(_server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let (mut victim, _) = listener.accept()?;
    victim.set_read_timeout(Some(TIMEOUT))?;
    victim.write_all(&[0; 32])?; // any nonce will do: the answer to it is not looked at
    let (question, _) = nonce_and_tag(&mut victim)?;

    let (mut helper, _) = listener.accept()?;
    helper.set_read_timeout(Some(TIMEOUT))?;
    helper.write_all(&question)?; // the nonce of the first client is the challenge for the second
    let (_, answer) = nonce_and_tag(&mut helper)?;
    victim.write_all(&answer)?;

    let mut piece = [0; 1024];
    let mut told = 0;
    loop {
        let got = victim.read(&mut piece)?;
        if got == 0 {
            break;
        }
        println!("told without the key: {}", String::from_utf8_lossy(&piece[..got]));
        victim.write_all(&piece[..got].to_ascii_uppercase())?; // the client is to notice nothing
        told += got;
    }
    if told == 0 {
        return Err(io::Error::other("the client did not take the answer of another client for that of the server"));
    }
    Ok(())
}

fn nonce_and_tag(stream: &mut TcpStream) -> io::Result<([u8; 32], [u8; 32])> {
    let (mut nonce, mut tag) = ([0; 32], [0; 32]);
    stream.read_exact(&mut nonce)?;
    stream.read_exact(&mut tag)?;
    Ok((nonce, tag))
}
