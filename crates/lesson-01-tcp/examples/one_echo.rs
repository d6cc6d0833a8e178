//! One echo: the client sends `hello`, 5 bytes, the server sends back what one read gives, at most 100 bytes, and ends.
//!
//! ```text
//! cargo run -p lesson-01-tcp --example one_echo -- serve
//! cargo run -p lesson-01-tcp --example one_echo -- connect
//! ```
//!
//! The first step to `many_echoes`. Ports below 1024 belong to the administrator on Unix, so this one has a higher one.

#![expect(clippy::disallowed_methods, reason = "whatever one read gives goes back")]

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:11000", String::as_str);
    let done = match words.first().map(String::as_str) {
        Some("serve") => serve(addr),
        Some("connect") => connect(addr),
        _ => {
            eprintln!("say serve or connect, and an address if it is not to be {addr}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers one client, once.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 100];
    let got = stream.read(&mut buffer)?;
    println!("{}", buffer[..got].escape_ascii());
    stream.write_all(&buffer[..got])
}

/// Sends five bytes and takes five.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"hello")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    println!("{}", answer.escape_ascii());
    Ok(())
}
