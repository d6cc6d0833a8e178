//! A remote command server. Each request is a frame: 4-byte big-endian length, command. Two frames come back: what
//! the command printed on its standard output, and what it printed on its standard error.

use std::env;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The longest command that is accepted, bytes.
const LONGEST: usize = 1024;
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
    while let Some(command) = read_frame(&mut stream)? {
        let child = start(&String::from_utf8_lossy(&command))?;
        let printed = child.wait_with_output()?; // reads both pipes at the same time
        write_frame(&mut stream, &printed.stdout)?;
        write_frame(&mut stream, &printed.stderr)?;
    }
    Ok(())
}

/// Starts the one command that is allowed, `print OUT ERR`: this program itself prints so many bytes on each stream, at
/// most 16 MiB. No shell sees the command.
fn start(command: &str) -> io::Result<Child> {
    let ["print", out, err] = command.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err(io::Error::other("unknown command: there is print OUT ERR"));
    };
    let mut child = Command::new(env::current_exe()?);
    child.args(["print", out, err]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

fn write_frame(stream: &mut TcpStream, payload: &[u8]) -> io::Result<()> {
    stream.write_all(&[&(payload.len() as u32).to_be_bytes(), payload].concat())
}

/// The payload of the next frame; `None` at the end of the stream.
fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    let got = stream.read(&mut header)?;
    if got == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut header[got..])?;
    let length = u32::from_be_bytes(header) as usize;
    if length > LONGEST {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload)?;
    Ok(Some(payload))
}
