//! A client of the old service, which had no login: it sends each line and prints what one read gives.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Talks until the input ends.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        stream.write_all(line?.as_bytes())?;
        let mut piece = [0; 1024];
        let got = stream.read(&mut piece)?;
        let no_text = |_| io::Error::other("this answer is no text");
        println!("{}", std::str::from_utf8(&piece[..got]).map_err(no_text)?.trim_end());
    }
    Ok(())
}
