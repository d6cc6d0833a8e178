//! A chat server: what one client sends goes to all clients, itself included.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Serves all clients at the same time.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let everybody = Arc::new(Mutex::new(Vec::new()));
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_write_timeout(None)?; // the default: a write waits for a slow reader without end
        everybody.lock().unwrap_or_else(PoisonError::into_inner).push(stream.try_clone()?);
        let everybody = everybody.clone();
        thread::spawn(move || {
            if let Err(error) = pass_on(stream, &everybody) {
                eprintln!("connection closed: {error}");
            }
        });
    }
}

fn pass_on(mut stream: TcpStream, everybody: &Mutex<Vec<TcpStream>>) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return stream.shutdown(Shutdown::Both); // everybody has a copy, which would keep it open
        }
        everybody.lock().unwrap_or_else(PoisonError::into_inner).retain_mut(|client| {
            let taken = client.write_all(&buffer[..got]);
            if taken.is_err() {
                let _ = client.shutdown(Shutdown::Both); // it may have gone already
            }
            taken.is_ok()
        });
    }
}
