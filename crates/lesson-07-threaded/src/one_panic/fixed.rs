//! The menu server, a thread for each client. The threads count all commands together.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

const GREETING: &str = "我是多线程"; // I am multi-threaded
const ZERO: &str = "您输入的是0"; // you have entered 0
const AGAIN: &str = "请重新输入."; // enter again
/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let count = Arc::new(Mutex::new(0));
    loop {
        let (stream, _) = listener.accept()?;
        let count = Arc::clone(&count);
        thread::spawn(move || {
            if let Err(error) = menu(stream, &count) {
                eprintln!("connection closed: {error}");
            }
        });
    }
}

fn menu(mut stream: TcpStream, count: &Mutex<u64>) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(GREETING.as_bytes())?;
    let mut piece = [0; 1024];
    loop {
        let got = stream.read(&mut piece)?;
        if got == 0 {
            return Ok(());
        }
        match text_of(&piece[..got], count)? {
            "exit" => return Ok(()),
            "0" => stream.write_all(ZERO.as_bytes())?,
            _ => stream.write_all(AGAIN.as_bytes())?,
        }
    }
}

/// The text of a command, which is counted and logged.
fn text_of<'a>(piece: &'a [u8], count: &Mutex<u64>) -> io::Result<&'a str> {
    let text = str::from_utf8(piece).map_err(io::Error::other)?; // an error, and no lock is held yet
    let mut count = count.lock().unwrap_or_else(PoisonError::into_inner); // a count is right at any moment
    *count += 1;
    let _ = writeln!(io::stdout(), "command {count}: {text:?}"); // println! would panic once nobody reads it
    Ok(text)
}
