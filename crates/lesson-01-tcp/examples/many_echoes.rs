//! Two loops on each side: a server for one client after the other, and as many echoes for each as it wants.
//!
//! ```text
//! cargo run -p lesson-01-tcp --example many_echoes -- serve
//! cargo run -p lesson-01-tcp --example many_echoes -- connect
//! ```
//!
//! The server sends back what each read gives, at most 10 bytes. The outline, in the words of every socket library:
//!
//! ```text
//! server: socket, bind, listen             client: socket, connect
//!         for ever: accept                         for each message: send, receive
//!             until the stream ends:               close
//!                 receive, send
//!             close
//! ```

#![expect(clippy::disallowed_methods, reason = "whatever one read gives goes back")]

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// How long either side waits for the other.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let addr = words.get(1).map_or("127.0.0.1:11001", String::as_str);
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

/// One client after the other. What goes wrong with one of them is the end of its connection only.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, client) = listener.accept()?;
        match echo(stream) {
            Ok(()) => println!("{client} has ended the conversation"),
            Err(error) => println!("{client} is gone: {error}"),
        }
    }
}

fn echo(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut buffer = [0; 10];
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..got])?;
    }
}

/// The lines of the input, one after the other, until it ends. An empty line has no bytes and so no answer.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
