//! A client that says hello for every line of its input, from one of the ports that the firewall lets it use.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::RangeInclusive;

use socket2::{Domain, Protocol, Socket, Type};

/// Four ports. The range of the kernel has more, 28,232 on Linux, and runs out in the same way (ip(7)).
const PORTS: RangeInclusive<u16> = 18_001..=18_004;

/// Prints each greeting.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut streams = Vec::new();
    for line in io::stdin().lines() {
        line?;
        streams.push(open(addr)?); // a connection for every hello, and each keeps a port
        let Some(stream) = streams.last_mut() else { continue };
        stream.write_all(b"hello!")?;
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting)?;
        println!("{}", String::from_utf8_lossy(&greeting));
    }
    Ok(())
}

/// Tries one port after the other. What is refused is the pair: this port and that server.
fn open(addr: SocketAddr) -> io::Result<TcpStream> {
    let mut last = io::Error::from(ErrorKind::AddrNotAvailable);
    for port in PORTS {
        match open_from(port, addr) {
            Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable) => last = error,
            opened => return opened,
        }
    }
    Err(last)
}

fn open_from(port: u16, addr: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(cfg!(unix))?; // so that bind lets it pass, and connect looks at the pair
    socket.bind(&SocketAddr::new(addr.ip(), port).into())?;
    socket.connect(&addr.into())?;
    Ok(socket.into())
}
