//! A test that starts a server of its own on a free port, says hello to it and prints the greeting.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// A port of 0 in `addr` lets the kernel choose a free one.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?; // stays open, so nobody else gets the number
    let addr = listener.local_addr()?;
    println!("my server will be at {addr}");
    prepare()?;
    let server = thread::spawn(move || serve(&listener));
    println!("{}", hello(addr)?);
    server.join().map_err(|_| io::Error::other("the server panicked"))?
}

/// There is much to do before the server can start. It is done when a line of input comes.
fn prepare() -> io::Result<()> {
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    stream.read_exact(&mut [0; 6])?;
    stream.write_all(b"hi")
}

fn hello(addr: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(b"hello!")?;
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting)?;
    Ok(String::from_utf8_lossy(&greeting).into_owned())
}
