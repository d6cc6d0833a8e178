//! A remote command server and its client, which does not wait for one answer before it sends the next command. Each
//! command and each answer is a frame: 4-byte big-endian length, payload.

use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The longest command or answer that is accepted, bytes.
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
        write_frame(&mut stream, run(&command))?;
    }
    Ok(())
}

/// Runs nothing: the one command, `echo TEXT`, is answered here, never by a shell.
fn run(command: &[u8]) -> &[u8] {
    command.strip_prefix(b"echo ").unwrap_or(b"unknown command: there is echo TEXT")
}

/// Sends each line of the input as a command and prints the answers as they come.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut answers = stream.try_clone()?;
    let printer = thread::spawn(move || -> io::Result<()> {
        while let Some(answer) = read_frame(&mut answers)? {
            println!("{}", String::from_utf8_lossy(&answer));
        }
        Ok(())
    });
    for line in io::stdin().lock().lines() {
        write_frame(&mut stream, line?.as_bytes())?;
    }
    let _ = stream.shutdown(Shutdown::Write); // fails when the server has gone, which the printer reports
    printer.join().map_err(|_| io::Error::other("the thread that prints has panicked"))?
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
