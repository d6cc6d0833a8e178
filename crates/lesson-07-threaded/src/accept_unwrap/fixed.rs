//! The menu server, a thread for each client and a line in the log for every connection.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const GREETING: &str = "我是多线程"; // I am multi-threaded
const ZERO: &str = "您输入的是0"; // you have entered 0
const AGAIN: &str = "请重新输入."; // enter again
/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Between two tries to accept: some errors last for a while.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = match listener.accept() {
            Ok(accepted) => accepted, // with the address, even if the client has already gone
            Err(error) => {
                let _ = writeln!(io::stderr(), "not accepted: {error}");
                thread::sleep(PAUSE);
                continue;
            }
        };
        let _ = writeln!(io::stdout(), "{peer} connected"); // println! panics when nobody reads it any more
        thread::spawn(move || {
            // panics when there is no thread to be had: see no-limit
            if let Err(error) = menu(stream) {
                eprintln!("{peer}: {error}");
            }
        });
    }
}

fn menu(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(GREETING.as_bytes())?;
    let mut piece = [0; 1024];
    loop {
        let got = match stream.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue, // a signal came: signal(7)
            got => got?,
        };
        match &piece[..got] {
            b"" | b"exit" => return Ok(()),
            b"0" => stream.write_all(ZERO.as_bytes())?,
            _ => stream.write_all(AGAIN.as_bytes())?,
        }
    }
}
