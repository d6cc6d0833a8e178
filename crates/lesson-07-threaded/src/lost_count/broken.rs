//! A ticket office: it says how many tickets are sold, waits for `yes` and sells the next one. A thread for each client.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// How long a client may keep its thread waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves every client in a thread of its own.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let sold = Arc::new(AtomicU32::new(0));
    loop {
        let (stream, _) = listener.accept()?;
        let sold = Arc::clone(&sold);
        thread::spawn(move || {
            if let Err(error) = sell(stream, &sold) {
                eprintln!("connection closed: {error}");
            }
        });
    }
}

fn sell(mut stream: TcpStream, sold: &AtomicU32) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let before = sold.load(Ordering::SeqCst);
    stream.write_all(format!("{before} sold, one more?\n").as_bytes())?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer)?;
    if answer != *b"yes\n" {
        return Ok(());
    }
    let ticket = before + 1; // `before` is as old as the client was slow: others have bought meanwhile
    sold.store(ticket, Ordering::SeqCst);
    stream.write_all(format!("ticket {ticket}\n").as_bytes())
}
