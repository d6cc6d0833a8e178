//! The menu server, a thread for each client, up to a limit.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const GREETING: &str = "我是多线程"; // I am multi-threaded
const ZERO: &str = "您输入的是0"; // you have entered 0
const AGAIN: &str = "请重新输入."; // enter again
const FULL: &str = "server full, try again later\n";
/// So many clients at the same time; few, so that the play is short.
const MOST: usize = 3;
/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let places = Arc::new(()); // each thread has a share in it, and gives it back however it ends
    loop {
        let (stream, _) = listener.accept()?;
        if Arc::strong_count(&places) > MOST {
            tell(refuse(stream));
            continue;
        }
        let place = Arc::clone(&places);
        let thread = thread::Builder::new().spawn(move || {
            tell(menu(stream));
            drop(place);
        });
        if let Err(error) = thread {
            eprintln!("no thread for a client: {error}"); // the limit was too high for this machine
        }
    }
}

fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(FULL.as_bytes())
}

fn tell(ended: io::Result<()>) {
    if let Err(error) = ended {
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
