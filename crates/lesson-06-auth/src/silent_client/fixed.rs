//! A server that upper-cases for whoever answers its challenge with the right digest.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to server and client. A real key is made at random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";
/// How long the whole login may take, and after it one read or write.
const LOGIN: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(60);
/// How many clients are served at the same time.
const PLACES: usize = 64;

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let places = Arc::new(()); // one reference more for each client
    loop {
        let (stream, _) = listener.accept()?;
        let place = places.clone();
        if Arc::strong_count(&places) > 1 + PLACES {
            continue; // the connection is closed
        }
        thread::spawn(move || {
            if let Err(error) = talk(stream) {
                eprintln!("connection closed: {error}");
            }
            drop(place);
        });
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    let deadline = Instant::now() + LOGIN;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let mut answer = [0; 32];
    let mut got = 0;
    while got < answer.len() {
        stream.set_read_timeout(Some(deadline.saturating_duration_since(Instant::now())))?; // none left is an error
        match stream.read(&mut answer[got..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => got += more,
        }
    }
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(&challenge);
    mac.verify_slice(&answer).map_err(|_| io::Error::other("this client does not have the key"))?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}
