//! A relay on the path that lets the client log in, and then speaks in its place. It has no key.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long anybody may keep the attacker waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Says one thing more on each of two connections: first what the client never said, then what it has said already.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let altered = ride_along(&listener, server, alter)?;
    let repeated = ride_along(&listener, server, <[u8]>::to_vec)?;
    println!("an order of its own: {}", outcome(&altered));
    println!("an order repeated:   {}", outcome(&repeated));
    if altered.is_empty() && repeated.is_empty() {
        return Err(io::Error::other("the server took nothing but what the client said"));
    }
    Ok(())
}

fn outcome(reply: &[u8]) -> &'static str {
    if reply.is_empty() { "refused" } else { "served" }
}

/// The same message with another word of the same length in it.
fn alter(said: &[u8]) -> Vec<u8> {
    let mut message = said.to_vec();
    if let Some(at) = said.windows(5).position(|word| word == b"hello") {
        message[at..at + 5].copy_from_slice(b"steal");
    }
    message
}

/// Carries a login, one message and its reply; then sends the server what `more` makes of the message, and gives its
/// reply to that: nothing if it has closed the connection.
fn ride_along(listener: &TcpListener, server: SocketAddr, more: fn(&[u8]) -> Vec<u8>) -> io::Result<Vec<u8>> {
    let (mut client, _) = listener.accept()?;
    let mut server = TcpStream::connect(server)?;
    server.set_read_timeout(Some(TIMEOUT))?;
    client.set_read_timeout(Some(TIMEOUT))?;
    for (mut from, mut to) in [(&server, &client), (&client, &server)] {
        let mut challenge_or_answer = [0; 32];
        from.read_exact(&mut challenge_or_answer)?;
        to.write_all(&challenge_or_answer)?;
    }
    let said = piece(&mut client)?;
    server.write_all(&said)?;
    client.write_all(&piece(&mut server)?)?;
    server.write_all(&more(&said))?;
    Ok(piece(&mut server).unwrap_or_default())
}

/// What one read gives.
fn piece(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut piece = vec![0; 1024];
    let length = stream.read(&mut piece)?;
    piece.truncate(length);
    Ok(piece)
}
