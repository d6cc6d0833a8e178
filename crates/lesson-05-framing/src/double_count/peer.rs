//! A remote command server that runs nothing: it answers `echo TEXT` and `fill N` (N times y) itself, never a shell.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// The longest command, bytes.
const LONGEST_COMMAND: usize = 1024;
/// The longest result, bytes.
const LONGEST_RESULT: usize = 1024 * 1024;

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
    let mut command = [0; LONGEST_COMMAND + 1];
    loop {
        let got = stream.read(&mut command)?;
        if got == 0 {
            return Ok(());
        }
        if got > LONGEST_COMMAND {
            return Err(io::Error::other(format!("a command of more than {LONGEST_COMMAND} bytes")));
        }
        let result = run(&String::from_utf8_lossy(&command[..got]));
        let header = format!("{{\"data_size\": {}}}", result.len());
        let length = (header.len() as i32).to_ne_bytes();
        stream.write_all(&[&length, header.as_bytes(), &result].concat())?;
    }
}

fn run(command: &str) -> Vec<u8> {
    match command.split_once(' ') {
        Some(("echo", text)) => text.as_bytes().to_vec(),
        Some(("fill", number)) => match number.parse() {
            Ok(number) if number <= LONGEST_RESULT => vec![b'y'; number],
            _ => format!("fill takes a number up to {LONGEST_RESULT}").into_bytes(),
        },
        _ => b"unknown command: there are echo TEXT and fill N".to_vec(),
    }
}
