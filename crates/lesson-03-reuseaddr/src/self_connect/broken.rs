//! A client that waits for its server: for every line of its input it tries to connect until it is greeted.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Tries before it gives up.
const TRIES: usize = 200_000;

/// The connection stays until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut stream = loop {
        if input.read_line(&mut String::new())? == 0 {
            return Ok(());
        }
        match open(addr) {
            Ok(stream) => break stream,
            Err(error) => eprintln!("not connected: {error}"),
        }
    };
    stream.write_all(b"hello!")?;
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting)?;
    println!("{}", String::from_utf8_lossy(&greeting));
    io::copy(&mut input, &mut io::sink())?;
    Ok(())
}

fn open(addr: SocketAddr) -> io::Result<TcpStream> {
    for _ in 0..TRIES {
        match TcpStream::connect(addr) {
            Ok(stream) => return Ok(stream), // this end may have been given the port that it calls
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::ConnectionRefused.into())
}
