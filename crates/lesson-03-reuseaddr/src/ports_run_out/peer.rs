//! A server that answers every `hello!` with `hi`, many on one connection and many connections at once.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

/// Serves for ever.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        // Its end, and any error on it, concern one client only.
        thread::spawn(move || greet(stream));
    }
}

fn greet(mut stream: TcpStream) -> io::Result<()> {
    // Resets the connection when the client has gone: the next client needs the same few ports, without a TIME-WAIT.
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    loop {
        stream.read_exact(&mut [0; 6])?;
        stream.write_all(b"hi")?;
    }
}
