//! A server that says which hosts are let in: an IPv4 address and a newline, answered by `yes` or `no`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The network of the hosts that are let in, 172.16.0.0/12.
const NETWORK: &str = "172.16";
/// More than any request has, bytes.
const MAXIMUM: u64 = 64;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = answer(&stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn answer(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut requests = BufReader::new(stream);
    loop {
        let mut line = String::new();
        Read::by_ref(&mut requests).take(MAXIMUM).read_line(&mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        let host = line.trim_end().parse().map_err(io::Error::other)?;
        stream.write_all(if is_inside(host) { b"yes\n" } else { b"no\n" })?;
    }
}

fn is_inside(host: Ipv4Addr) -> bool {
    host.to_string().starts_with(NETWORK) // 172.20.1.1 is in the network and 172.160.1.1 is not: text has no bits
}
