//! One question and one answer: the client sends `hello!`, 6 bytes, the server answers `hi`, 2 bytes, and closes first.
//!
//! ```text
//! cargo run -p lesson-01-tcp --example hello -- serve
//! cargo run -p lesson-01-tcp --example hello -- connect
//! ```
//!
//! The server's end of the connection stays in TIME-WAIT. On Unix it can be started again at once all the same, since
//! `TcpListener::bind` sets SO_REUSEADDR there; lesson 03 shows a server without it.

#![expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer, and there is a limit")]

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:8898", String::as_str);
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

/// Answers one client.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut question = [0; 6];
    stream.read_exact(&mut question)?;
    println!("{}", question.escape_ascii());
    stream.write_all(b"hi")
}

/// Asks, and prints all that comes until the server closes.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"hello!")?;
    let mut answer = Vec::new();
    stream.take(1024).read_to_end(&mut answer)?;
    println!("{}", answer.escape_ascii());
    Ok(())
}
