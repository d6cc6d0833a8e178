//! A remote command server and its client. A command goes out as it was typed; the length of its result comes back in
//! 4 bytes, big-endian, and right behind it comes the result.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest command, bytes.
const LONGEST_COMMAND: usize = 1024;
/// The longest result that is accepted, bytes.
const LONGEST_RESULT: usize = 8 * 1024 * 1024;
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
    loop {
        let mut command = [0; LONGEST_COMMAND];
        let got = stream.read(&mut command)?;
        if got == 0 {
            return Ok(());
        }
        let result = run(&command[..got]);
        stream.write_all(&[&(result.len() as u32).to_be_bytes(), result].concat())?;
    }
}

/// Runs nothing: the one command, `echo TEXT`, is answered here, never by a shell.
fn run(command: &[u8]) -> &[u8] {
    command.strip_prefix(b"echo ").unwrap_or(b"unknown command: there is echo TEXT")
}

/// Sends each line of the input as a command and prints its result.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let command = line.trim();
        if command.is_empty() {
            continue;
        }
        stream.write_all(command.as_bytes())?;
        let mut header = [0; 4];
        stream.read_exact(&mut header)?; // always 4 bytes, so the result may follow at once
        let length = u32::from_be_bytes(header) as usize;
        if length > LONGEST_RESULT {
            return Err(io::Error::other(format!("a result of {length} bytes is too long")));
        }
        let mut result = vec![0; length];
        stream.read_exact(&mut result)?;
        println!("{}", String::from_utf8_lossy(&result));
    }
    Ok(())
}
