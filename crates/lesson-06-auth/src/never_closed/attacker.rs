//! A client without the key. Each login that fails costs it one descriptor for a moment.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// Fails to log in three times, and waits until the server has closed these connections.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let mut refused = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server)?;
        let mut challenge = [0; 32];
        stream.read_exact(&mut challenge)?;
        stream.write_all(&[0; 32])?; // as long as an answer, and none
        stream.shutdown(Shutdown::Write)?;
        refused.push(stream);
    }
    println!("three wrong answers given, waiting for the ends");
    for mut stream in refused {
        let _ = io::copy(&mut stream, &mut io::sink()); // a reset is an end too
    }
    Err(io::Error::other("the server has closed all three connections"))
}
