//! A server that adds up: a client sends numbers, a line each, ends its direction and gets the sum. Ctrl-C stops the
//! server when the sums that were begun are done.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The most that one client may send, bytes.
const MAXIMUM: u64 = 64 * 1024;

static RUNNING: AtomicBool = AtomicBool::new(true);

/// Serves every client in a thread of its own, until Ctrl-C.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    let addr = listener.local_addr()?;
    ctrlc::set_handler(move || {
        RUNNING.store(false, Ordering::SeqCst);
        let _ = TcpStream::connect(addr); // a client that wakes accept; without one the loop is awake already
    })
    .map_err(io::Error::other)?;
    println!("listening on {addr}");
    thread::scope(|scope| {
        while RUNNING.load(Ordering::SeqCst) {
            let (stream, _) = listener.accept()?;
            scope.spawn(move || {
                if let Err(error) = add_up(stream) {
                    eprintln!("connection closed: {error}");
                }
            });
        }
        Ok(()) // the scope ends when all its threads have ended
    })
}

fn add_up(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut sum = 0u64;
    for line in BufReader::new((&stream).take(MAXIMUM)).lines() {
        let number: u32 = line?.parse().map_err(io::Error::other)?;
        sum += u64::from(number);
    }
    stream.write_all(format!("{sum}\n").as_bytes())
}
