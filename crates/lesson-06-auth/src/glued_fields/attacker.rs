//! An attacker without the key that stands between: it moves the boundary of two fields by one byte.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long either side may keep it waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Hands on the order of one client, after a small change.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    let (mut client, _) = listener.accept()?;
    client.set_read_timeout(Some(TIMEOUT))?;
    let mut server = TcpStream::connect(server)?;
    server.set_read_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    server.read_exact(&mut challenge)?;
    client.write_all(&challenge)?;

    let (mut account, mut amount) = (field(&mut client)?, field(&mut client)?);
    let mut tag = [0; 32];
    client.read_exact(&mut tag)?;
    // The last byte of the first field becomes the first byte of the second: 77 and 100 become 7 and 7100.
    let moved = account.pop().ok_or(io::Error::other("the first field is empty"))?;
    amount.insert(0, moved);
    server.write_all(&[&[account.len() as u8], &account[..], &[amount.len() as u8], &amount, &tag].concat())?;

    let mut answer = Vec::new();
    server.take(1024).read_to_end(&mut answer)?;
    client.write_all(&answer)?;
    if answer.is_empty() {
        return Err(io::Error::other("the server did not take the tag for another order"));
    }
    println!("under the client's own tag: {}", String::from_utf8_lossy(&answer).trim_end());
    Ok(())
}

/// One byte with the length, then as many bytes.
fn field(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0];
    stream.read_exact(&mut length)?;
    let mut field = vec![0; length[0].into()];
    stream.read_exact(&mut field)?;
    Ok(field)
}
