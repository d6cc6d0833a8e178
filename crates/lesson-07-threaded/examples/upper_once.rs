//! One request for each client: the server reads once, sends the bytes back in upper case, and closes.
//!
//! ```text
//! cargo run -p lesson-07-threaded --example upper_once -- serve
//! cargo run -p lesson-07-threaded --example upper_once -- connect
//! ```
//!
//! The server is serial: a second client waits until the first is served, or has been silent for 10 seconds. One read is
//! no message: it gives any part of what was sent, and neither side here looks for the rest. The experiments of the
//! lesson show what follows from that, and its finished program reads whole lines.

#![expect(
    clippy::disallowed_methods,
    reason = "what one read gives is the request, and what one read gives is the answer"
)]

use std::env;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:9999", String::as_str);
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

/// One client after the other. An error of one client ends its connection only.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, client) = listener.accept()?;
        if let Err(error) = answer(stream, client) {
            println!("{client}: {error}");
        }
    }
}

fn answer(mut stream: TcpStream, client: SocketAddr) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 1024];
    let got = stream.read(&mut buffer)?;
    let space = |byte: &u8| b" \t\n\r\x0b\x0c".contains(byte);
    let begin = buffer[..got].iter().position(|byte| !space(byte)).unwrap_or(got);
    let end = buffer[..got].iter().rposition(|byte| !space(byte)).map_or(begin, |last| last + 1);
    println!("{client} wrote:\n{}", buffer[begin..end].escape_ascii());
    stream.write_all(&buffer[begin..end].to_ascii_uppercase())
}

/// Sends one line and takes what one read gives for its answer.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"hello\n")?;
    let mut buffer = [0; 1024];
    let got = stream.read(&mut buffer)?;
    println!("Sent:     hello\nReceived: {}", buffer[..got].escape_ascii());
    Ok(())
}
