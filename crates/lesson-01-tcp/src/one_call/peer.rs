//! A client that sends the lines of its input and prints what comes back.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Says when it is connected, then talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    println!("connected");
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
