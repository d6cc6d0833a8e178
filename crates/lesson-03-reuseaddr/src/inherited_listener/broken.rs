//! A server that greets one client and ends: it reads `hello!`, starts a helper, sends `hi` and closes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    #[cfg(unix)] // as it is without a word in C
    socket2::SockRef::from(&listener).set_cloexec(false)?; // every child gets the listener, and keeps it open
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.read_exact(&mut [0; 6])?;
    start_helper()?;
    stream.write_all(b"hi")
}

/// Something that goes on for a minute, and has nothing to do with the network.
fn start_helper() -> io::Result<()> {
    Command::new("sleep").arg("60").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    Ok(())
}
