//! A client that says hello and prints the answer. It makes its socket itself, as one does to set an option before
//! connecting.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Prints the answer.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = open(addr)?;
    println!("connected");
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"hello")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    println!("{}", String::from_utf8_lossy(&answer));
    Ok(())
}

fn open(addr: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_keepalive(true)?;
    let _ = socket.connect_timeout(&addr.into(), TIMEOUT); // whether there is a connection is thrown away
    Ok(socket.into())
}
