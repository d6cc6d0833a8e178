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
    ctrlc::set_handler(|| {
        RUNNING.store(false, Ordering::SeqCst); // the loop looks at this between two clients, and accept sleeps on
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
    let mut lines = BufReader::new((&stream).take(MAXIMUM + 1));
    let (mut sum, mut line) = (0u64, String::new());
    while lines.read_line(&mut line)? > 0 {
        let number = line.strip_suffix('\n').ok_or(io::ErrorKind::UnexpectedEof)?; // cut off
        sum += u64::from(number.parse::<u32>().map_err(io::Error::other)?);
        line.clear();
    }
    if lines.get_ref().limit() == 0 {
        return Err(io::Error::other("too long"));
    }
    stream.write_all(format!("{sum}\n").as_bytes())
}
