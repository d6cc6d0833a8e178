//! The menu client: it prints the greeting, sends each line of its input as one piece and prints the answer.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

const GREETING: &str = "我是多线程"; // I am multi-threaded
/// The longest text that a server says instead, bytes.
const REFUSAL: u64 = 200;
/// Bytes of every answer.
const ANSWER: usize = 16;

/// Talks until the input ends, or until `exit`, which is not answered.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    greet(&mut stream)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        match line.as_str() {
            "" => println!("type something"),
            "exit" => break,
            _ => print(&mut stream, ANSWER)?,
        }
    }
    Ok(())
}

fn greet(stream: &mut TcpStream) -> io::Result<()> {
    let mut text = vec![0; GREETING.len()];
    stream.read_exact(&mut text)?;
    if text != GREETING.as_bytes() {
        stream.take(REFUSAL).read_to_end(&mut text)?;
        return Err(io::Error::other(format!("the server says: {}", String::from_utf8_lossy(&text).trim_end())));
    }
    println!("{GREETING}");
    Ok(())
}

fn print(stream: &mut TcpStream, length: usize) -> io::Result<()> {
    let mut text = vec![0; length];
    stream.read_exact(&mut text)?;
    println!("{}", String::from_utf8_lossy(&text));
    Ok(())
}
