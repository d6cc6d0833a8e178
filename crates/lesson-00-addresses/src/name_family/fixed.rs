//! A client of a service that has several addresses. They are on its input, one a line, as a resolver gave them.

use std::io::{self, BufRead, Read};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// More addresses than any name should have.
const MOST: usize = 16;
/// More than any greeting has, bytes.
const MAXIMUM: u64 = 1024;
/// How long the server may keep this client waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Prints the greeting of the service. Its port is that of `addr`.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let addresses = resolved(addr.port())?;
    let stream = open(&addresses[..])?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut greeting = String::new();
    io::BufReader::new(stream.take(MAXIMUM)).read_line(&mut greeting)?;
    println!("{}", greeting.trim_end());
    Ok(())
}

fn open(service: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = service.to_socket_addrs()?.collect();
    TcpStream::connect(&addresses[..]) // one after the other, until one answers; silence costs minutes
}

/// What getaddrinfo would say of the name of the service.
fn resolved(port: u16) -> io::Result<Vec<SocketAddr>> {
    let mut addresses = Vec::new();
    for line in io::stdin().lock().lines().take(MOST) {
        let ip: IpAddr = line?.parse().map_err(io::Error::other)?;
        addresses.push(SocketAddr::new(ip, port));
    }
    Ok(addresses)
}
