//! A server that greets one client after the other, at a port of the range from which clients get theirs.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// What a client may send after its hello, bytes; it is thrown away.
const LIMIT: u64 = 1024;

/// Serves for ever.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = greet(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn greet(mut stream: TcpStream) -> io::Result<()> {
    stream.read_exact(&mut [0; 6])?;
    stream.write_all(b"hi")?;
    io::copy(&mut stream.take(LIMIT), &mut io::sink())?; // the client closes first: no TIME-WAIT stays at this port
    Ok(())
}

/// Of the ports that Linux hands out, `bind` gets the odd ones first and `connect` the even ones, as long as there are
/// any. A port that `bind` was given is therefore no danger; one that people write down is, every second time.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let mut listener = TcpListener::bind(addr)?;
    while addr.port() == 0 && listener.local_addr()?.port() % 2 == 1 {
        let odd = listener;
        let even = SocketAddr::new(addr.ip(), odd.local_addr()?.port() - 1);
        listener = TcpListener::bind(even).or_else(|_| TcpListener::bind(addr))?;
    }
    Ok(listener)
}
