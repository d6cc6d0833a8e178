//! A remote command server and its client. A command goes out as it was typed; the length of its result comes back in
//! decimal digits, the client acknowledges it, and then comes the result.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The longest command, bytes.
const LONGEST_COMMAND: usize = 1024;
/// The longest result that is accepted, bytes.
const LONGEST_RESULT: usize = 8 * 1024 * 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// What the client says when it has the length.
const READY: &[u8] = b"recv_ready";

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
        stream.write_all(result.len().to_string().as_bytes())?; // nothing on the wire ends the digits
        let mut ready = [0; LONGEST_COMMAND];
        let got = stream.read(&mut ready)?;
        if ready[..got] == *READY {
            stream.write_all(result)?;
        }
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
        let mut digits = [0; 20];
        let got = stream.read(&mut digits)?; // the first part of a number is a number as well
        let length: usize = String::from_utf8_lossy(&digits[..got]).parse().map_err(io::Error::other)?;
        if length > LONGEST_RESULT {
            return Err(io::Error::other(format!("a result of {length} bytes is too long")));
        }
        stream.write_all(READY)?;
        let mut result = vec![0; length];
        stream.read_exact(&mut result)?;
        println!("{}", String::from_utf8_lossy(&result));
    }
    Ok(())
}
