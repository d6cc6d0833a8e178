//! A client that is slow: it says hello, and reads the greeting only when a line of its input tells it to.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

use socket2::{Domain, Protocol, Socket, Type};

/// The greeting, bytes.
const GREETING: u64 = 100_000;

/// Says how much of the greeting came.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_recv_buffer_size(4096)?; // most of the greeting stays with the server's kernel until it is read
    socket.connect(&addr.into())?;
    let mut stream = TcpStream::from(socket);
    stream.write_all(b"hello!")?;
    io::stdin().lock().read_line(&mut String::new())?;
    let mut greeting = Vec::new();
    match stream.take(GREETING + 1).read_to_end(&mut greeting) {
        Ok(_) if greeting.len() as u64 == GREETING => println!("the whole greeting, {GREETING} bytes"),
        Ok(_) => println!("{} bytes instead of {GREETING}", greeting.len()),
        Err(error) => println!("a part of the greeting, then: {error}"),
    }
    Ok(())
}
