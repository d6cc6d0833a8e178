//! A client that is slow: it asks for a page, and reads it only when a line of its input tells it to.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// The size of the page, bytes.
const SIZE: usize = 100_000;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Says how much of the page came.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_recv_buffer_size(4096)?; // most of the page stays with the server's kernel until it is read
    socket.connect(&addr.into())?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"page, please\n")?;
    println!("asked for the page");
    io::stdin().lock().read_line(&mut String::new())?;
    let mut page = Vec::new();
    match stream.take(SIZE as u64 + 1).read_to_end(&mut page) {
        Ok(_) if page.len() == SIZE => println!("the whole page, {SIZE} bytes"),
        Ok(_) => println!("{} bytes instead of {SIZE}", page.len()),
        Err(error) => println!("a part of the page, then: {error}"),
    }
    Ok(())
}
