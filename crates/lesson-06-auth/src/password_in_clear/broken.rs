//! A client that shows that it knows the secret, and a server that upper-cases whatever it then says.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A real secret comes from a file, as in the finished program.
const SECRET: &[u8; 32] = b"only two programs know this key.";
/// How long one side may keep the other waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = talk(stream) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn talk(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"password: ")?;
    let mut answer = [0; 32];
    stream.read_exact(&mut answer)?;
    if answer != *SECRET {
        return Err(io::Error::other("this is not the password"));
    }
    let mut piece = [0; 1024];
    loop {
        let length = stream.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&piece[..length].to_ascii_uppercase())?;
    }
}

/// Logs in, sends each line of the input and prints what comes back, of the same length.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut prompt = [0; 10];
    stream.read_exact(&mut prompt)?;
    stream.write_all(SECRET)?; // whoever carries these bytes can say them too
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut reply = vec![0; line.len()];
        stream.read_exact(&mut reply)?;
        println!("{}", String::from_utf8_lossy(&reply));
    }
    Ok(())
}
