//! The menu client, as far as the end of its input. Then it ends its stream, and reads the server's to the end.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// Bytes of the greeting.
const GREETING: usize = 15;
/// Bytes of every answer.
const ANSWER: usize = 16;
/// So many bytes after the last answer are too many.
const MAXIMUM: u64 = 64 * 1024;

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    print(&mut stream, GREETING)?;
    for line in io::stdin().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        match line.as_str() {
            "" => println!("type something"),
            "exit" => break,
            _ => print(&mut stream, ANSWER)?,
        }
    }
    stream.shutdown(Shutdown::Write)?;
    let late = io::copy(&mut stream.take(MAXIMUM), &mut io::sink())?;
    if late == MAXIMUM {
        return Err(io::Error::other(format!("{MAXIMUM} bytes after the last answer are too many")));
    }
    println!("{late} bytes after the last answer");
    Ok(())
}

fn print(stream: &mut TcpStream, length: usize) -> io::Result<()> {
    let mut text = vec![0; length];
    stream.read_exact(&mut text)?;
    println!("{}", String::from_utf8_lossy(&text));
    Ok(())
}
