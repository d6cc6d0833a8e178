//! Another program, which happens to want this port.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// Takes the port and keeps it.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        drop(listener.accept()?);
    }
}
