//! A stranger without the key: where a digest of 32 bytes belongs, it announces 16 MiB, and sends them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What is announced, bytes. More than two kernels keep for a server that does not read.
const ANNOUNCED: u32 = 16 * 1024 * 1024;
/// How long the server may keep the stranger waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Gives the server something to keep.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;

    stream.write_all(&ANNOUNCED.to_be_bytes())?;
    let mut rest = io::repeat(b'x').take(ANNOUNCED.into());
    match io::copy(&mut rest, &mut stream) {
        Ok(_) => println!("the server took 16 MiB before it knew who sends them"),
        Err(_) => return Err(io::Error::other("the server did not take 16 MiB from a stranger")),
    }
    let _ = stream.read(&mut challenge); // waits until the server has seen that this is no digest
    Ok(())
}
