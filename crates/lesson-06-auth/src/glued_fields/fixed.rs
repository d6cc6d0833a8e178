//! A client orders a payment, and a server carries it out when the tag of the order is right.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// Known to the server and to its client. A real key is made at random and comes from a file.
const KEY: &[u8; 32] = b"thirty-two bytes of a shared key";
/// How long the peer may keep us waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Takes one order from each client.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = pay(stream) {
            eprintln!("nothing is paid: {error}");
        }
    }
}

fn pay(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    let (account, amount) = (field(&mut stream)?, field(&mut stream)?);
    let mut tag = [0; 32];
    stream.read_exact(&mut tag)?;
    let refuse = |_| io::Error::other("the tag of the order is wrong");
    mac(&challenge, &account, &amount)?.verify_slice(&tag).map_err(refuse)?;
    stream.write_all(&[b"paid ", &amount[..], b" to ", &account, b"\n"].concat())
}

/// One byte with the length, then as many bytes.
fn field(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0];
    stream.read_exact(&mut length)?;
    let mut field = vec![0; length[0].into()];
    stream.read_exact(&mut field)?;
    Ok(field)
}

/// Reads the order from its input: account, blank, amount.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let line = io::stdin().lock().lines().next().transpose()?.unwrap_or_default();
    let (account, amount) = line.split_once(' ').ok_or(io::Error::other("the order is: account, blank, amount"))?;
    let length = |field: &str| u8::try_from(field.len()).map_err(io::Error::other);
    let lengths = [[length(account)?], [length(amount)?]];

    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    let tag = mac(&challenge, account.as_bytes(), amount.as_bytes())?.finalize().into_bytes();
    stream.write_all(&[&lengths[0], account.as_bytes(), &lengths[1], amount.as_bytes(), &tag].concat())?;
    let mut answer = String::new();
    BufReader::new(stream.take(1024)).read_line(&mut answer)?;
    if answer.is_empty() {
        return Err(io::Error::other("the server has refused the order"));
    }
    println!("{}", answer.trim_end());
    Ok(())
}

fn mac(challenge: &[u8; 32], account: &[u8], amount: &[u8]) -> io::Result<Hmac<Sha256>> {
    let mut mac = Hmac::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(challenge);
    for field in [account, amount] {
        mac.update(&[field.len() as u8]); // where a field ends is in the tag too
        mac.update(field);
    }
    Ok(mac)
}
