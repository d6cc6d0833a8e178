//! A server that greets one client and ends: it reads `hello!`, sends `hi` and closes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.read_exact(&mut [0; 6])?;
    stream.write_all(b"hi") // and closes, before the client does: this side gets the TIME-WAIT
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(cfg!(unix))?; // not on Windows, where it lets any program take the port
    socket.bind(&addr.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}
