//! A remote command server that runs nothing: it answers `echo TEXT` itself, never a shell. A command comes as it was
//! typed; what goes back is the length of the result (4 bytes, signed, native-endian) and the result.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest command, bytes.
const LONGEST_COMMAND: usize = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = answer(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut command = [0; LONGEST_COMMAND];
    loop {
        let got = stream.read(&mut command)?;
        if got == 0 {
            return Ok(());
        }
        let result = run(&command[..got]);
        let length = i32::try_from(result.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_ne_bytes())?;
        stream.write_all(result)?; // kept by the kernel until the length is acknowledged
    }
}

fn run(command: &[u8]) -> &[u8] {
    command.strip_prefix(b"echo ").unwrap_or(b"unknown command: there is echo TEXT")
}
