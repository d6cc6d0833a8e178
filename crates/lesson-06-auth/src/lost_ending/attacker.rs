//! A relay on the path that has no key. It keeps all but the first line of an order to itself.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long anybody may keep the attacker waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Carries the login of the first client that comes, and of its order the first record. Then it ends the stream.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let (mut client, _) = listener.accept()?;
    let mut server = TcpStream::connect(server)?;
    server.set_read_timeout(Some(TIMEOUT))?;
    client.set_read_timeout(Some(TIMEOUT))?;
    for (mut from, mut to) in [(&server, &client), (&client, &server)] {
        let mut challenge_or_answer = [0; 32];
        from.read_exact(&mut challenge_or_answer)?;
        to.write_all(&challenge_or_answer)?;
    }
    let mut order = Vec::new();
    client.read_to_end(&mut order)?;
    let first = 1 + usize::from(*order.first().ok_or(io::ErrorKind::UnexpectedEof)?) + 32; // length, payload, tag
    server.write_all(order.get(..first).ok_or(io::ErrorKind::UnexpectedEof)?)?;
    server.shutdown(Shutdown::Write)?; // a FIN needs no key
    let mut reply = Vec::new();
    server.read_to_end(&mut reply)?;
    let Some(payload) = reply.len().checked_sub(32).filter(|end| *end > 1) else {
        return Err(io::Error::other("the server did not take a part for the whole"));
    };
    print!("carried out: {}", String::from_utf8_lossy(&reply[1..payload])); // the client never hears of it
    Ok(())
}
