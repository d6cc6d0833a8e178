//! Client and server prove to each other that they have the key. Then every piece comes back in upper case.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to the server and to its clients. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";
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
    let (mut ours, mut theirs, mut tag) = ([0; 32], [0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut ours).map_err(io::Error::other)?;
    stream.write_all(&ours)?;
    stream.read_exact(&mut theirs)?;
    stream.read_exact(&mut tag)?;
    let refuse = |_| io::Error::other("this client does not have the key");
    mac("client", &ours, &theirs)?.verify_slice(&tag).map_err(refuse)?;
    stream.write_all(&mac("server", &ours, &theirs)?.finalize().into_bytes())?;

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
    let (mut ours, mut theirs, mut tag) = ([0; 32], [0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut ours).map_err(io::Error::other)?;
    stream.read_exact(&mut theirs)?;
    stream.write_all(&[&ours[..], &mac("client", &theirs, &ours)?.finalize().into_bytes()].concat())?;
    stream.read_exact(&mut tag)?;
    let refuse = |_| io::Error::other("this server does not have the key");
    mac("server", &theirs, &ours)?.verify_slice(&tag).map_err(refuse)?;

    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

/// The proof of one role, for this one connection. All parts have a fixed length.
fn mac(role: &str, nonce_s: &[u8; 32], nonce_c: &[u8; 32]) -> io::Result<Hmac<Sha256>> {
    let mut mac = Hmac::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(role.as_bytes()); // what a client answers is never what a server has to answer
    mac.update(nonce_s);
    mac.update(nonce_c);
    Ok(mac)
}
