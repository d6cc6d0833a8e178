//! Complete sending: `Hello world` and a newline, 12 bytes, with one call or with a loop. The wire is the same.
//!
//! ```text
//! cargo run -p lesson-01-tcp --example send_all -- serve
//! cargo run -p lesson-01-tcp --example send_all -- connect
//! cargo run -p lesson-01-tcp --example send_all -- connect-by-hand
//! ```
//!
//! Python: `sendall` is the call, `send` in a loop the other way.

#![expect(
    clippy::disallowed_methods,
    reason = "the loop around the single write is what is shown; the end of the stream ends the message, and there is a limit"
)]

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:23451", String::as_str);
    let done = match words.first().map(String::as_str) {
        Some("serve") => serve(addr),
        Some("connect") => connect(addr),
        Some("connect-by-hand") => connect_by_hand(addr),
        _ => {
            eprintln!("say serve or connect or connect-by-hand, and an address if it is not to be {addr}");
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

const MESSAGE: &[u8] = b"Hello world\n";

/// Prints what one client sends.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut message = Vec::new();
    stream.take(1024).read_to_end(&mut message)?;
    println!("{}", message.escape_ascii());
    Ok(())
}

/// One call, which comes back when all of it is in the kernel's hands.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(MESSAGE)
}

/// The same by hand: `write` says how much it took, and the rest is for the next call.
fn connect_by_hand(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut rest = MESSAGE;
    while !rest.is_empty() {
        match stream.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => rest = &rest[taken..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
