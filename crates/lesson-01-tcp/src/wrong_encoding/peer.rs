//! A server that reads GBK: it takes one client's bytes up to the end of the stream and prints them as text.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use encoding_rs::GBK;

/// More than any client sends here, bytes.
const MAXIMUM: u64 = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut bytes = Vec::new();
    Read::by_ref(&mut &stream).take(MAXIMUM).read_to_end(&mut bytes)?;
    match GBK.decode(&bytes) {
        (text, _, false) => println!("{} bytes: {text}", bytes.len()),
        (text, _, true) => println!("{} bytes, not all of them GBK: {text}", bytes.len()),
    }
    Ok(())
}
