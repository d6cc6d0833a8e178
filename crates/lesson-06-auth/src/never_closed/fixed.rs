//! A server that upper-cases for whoever answers its challenge with the right digest.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to server and client. A real key is made at random and comes from a file, as in the finished program.
const KEY: &[u8; 32] = b"only two programs know this key.";
/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many clients are served at the same time.
const PLACES: usize = 64;

/// Who is here, each with its connection: a server that has to stop can cut them off, as the finished program does.
type Clients = Arc<Mutex<HashMap<SocketAddr, TcpStream>>>;

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let clients = Clients::default();
    loop {
        let (stream, peer) = listener.accept()?;
        if lock(&clients).len() >= PLACES {
            continue; // the connection is closed
        }
        lock(&clients).insert(peer, stream.try_clone()?);
        let clients = clients.clone();
        thread::spawn(move || {
            handle(stream, peer, &clients).unwrap_or_else(|error| eprintln!("connection closed: {error}"));
        });
    }
}

fn handle(stream: TcpStream, peer: SocketAddr, clients: &Clients) -> io::Result<()> {
    let _here = Here(peer, clients); // dropped however this ends, after a panic too
    talk(stream)
}

/// Takes a client off the list when it is dropped.
struct Here<'a>(SocketAddr, &'a Clients);

impl Drop for Here<'_> {
    fn drop(&mut self) {
        lock(self.1).remove(&self.0);
    }
}

fn lock(clients: &Clients) -> MutexGuard<'_, HashMap<SocketAddr, TcpStream>> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?;
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
