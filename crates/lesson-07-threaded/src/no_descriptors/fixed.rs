//! The menu server, a thread for each client. It goes on when a client cannot be accepted.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const GREETING: &str = "我是多线程"; // I am multi-threaded
const ZERO: &str = "您输入的是0"; // you have entered 0
const AGAIN: &str = "请重新输入."; // enter again
/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Between two tries to accept: nothing tells when a descriptor becomes free.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                thread::spawn(|| converse(stream));
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "not accepted: {error}");
                thread::sleep(PAUSE);
            }
        }
    }
}

fn converse(stream: TcpStream) {
    if let Err(error) = menu(stream) {
        eprintln!("connection closed: {error}");
    }
}

fn menu(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(GREETING.as_bytes())?;
    let mut piece = [0; 1024];
    loop {
        let got = stream.read(&mut piece)?;
        match &piece[..got] {
            b"" | b"exit" => return Ok(()),
            b"0" => stream.write_all(ZERO.as_bytes())?,
            _ => stream.write_all(AGAIN.as_bytes())?,
        }
    }
}
