//! The server speaks first: it sends `byebye`, 6 bytes, the client answers `hihi`, 4 bytes, and closes.
//!
//! ```text
//! cargo run -p lesson-01-tcp --example greeting -- serve
//! cargo run -p lesson-01-tcp --example greeting -- connect
//! ```
//!
//! Nothing says how long the client's message is: the end of its stream ends it.

#![expect(clippy::disallowed_methods, reason = "the end of the stream ends the message, and there is a limit")]

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:23450", String::as_str);
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

/// Greets one client and prints what it says.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, client) = listener.accept()?;
    println!("a connection from {client}");
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"byebye")?;
    let mut message = Vec::new();
    stream.take(512).read_to_end(&mut message)?;
    println!("{}", message.escape_ascii());
    Ok(())
}

/// Listens before it speaks, as the server does not.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut greeting = [0; 6];
    stream.read_exact(&mut greeting)?;
    println!("{}", greeting.escape_ascii());
    stream.write_all(b"hihi")
}
