//! Upper case for clients that have the key: the server sends a challenge of 32 bytes, the client answers with its HMAC-SHA-256,
//! and from then on each piece of text comes back in capitals.
//!
//! ```text
//! cargo run --example upper_after_hmac -- serve
//! cargo run --example upper_after_hmac -- connect
//! ```
//!
//! The key and the wire are those of a program that many tutorials have. Written for Python up to 3.7, it took MD5 for its
//! digest: with `digestmod='sha256'` in both of its calls of `hmac.new` it talks to this one.
//!
//! It proves who the client is and no more: see after-login, and the finished program of this lesson.

#![expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

/// A key that everybody can read here is none. A real one is made at random and comes from a file.
const KEY: &[u8] = b"linhaifeng bang bang bang";
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

/// Serves one client after the other.
fn serve(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, client) = listener.accept()?;
        match talk(stream) {
            Ok(()) => println!("{client} has ended"),
            Err(error) => println!("{client}: {error}"),
        }
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let (mut challenge, mut digest) = ([0; 32], [0; 32]);
    SysRng.try_fill_bytes(&mut challenge).map_err(io::Error::other)?;
    stream.write_all(&challenge)?;
    stream.read_exact(&mut digest)?;
    mac(&challenge)?.verify_slice(&digest).map_err(|_| io::Error::other("this client does not have the key"))?;

    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            got => stream.write_all(&piece[..got].to_ascii_uppercase())?,
        }
    }
}

/// Sends each line of its input up to `quit`, and prints what comes back.
fn connect(addr: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&mac(&challenge)?.finalize().into_bytes())?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.trim() {
            "" => continue,
            "quit" => break,
            text => stream.write_all(text.as_bytes())?,
        }
        let mut answer = vec![0; line.trim().len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

fn mac(challenge: &[u8]) -> io::Result<Hmac<Sha256>> {
    let mut mac = Hmac::new_from_slice(KEY).map_err(io::Error::other)?;
    mac.update(challenge);
    Ok(mac)
}
