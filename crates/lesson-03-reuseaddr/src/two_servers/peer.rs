//! A client that asks for many greetings, one after the other, each over a connection of its own.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Greetings that are asked for.
const CLIENTS: usize = 100;
/// More than any greeting has, bytes.
const MAXIMUM: u64 = 1024;

/// Says whether a greeting came twice.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut greetings = HashSet::new();
    for _ in 0..CLIENTS {
        let greeting = hello(addr)?;
        if greetings.contains(&greeting) {
            println!("two clients were greeted with \"{greeting}\"");
            return Ok(());
        }
        greetings.insert(greeting);
    }
    println!("{CLIENTS} clients, no two greetings alike");
    Ok(())
}

fn hello(addr: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(b"hello!")?;
    let mut greeting = Vec::new();
    stream.take(MAXIMUM).read_to_end(&mut greeting)?;
    Ok(String::from_utf8_lossy(&greeting).into_owned())
}
