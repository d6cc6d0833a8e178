//! A client that orders each line of its input, and asks once more when the reply does not come.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Talks until the input ends. Its ids begin with its name, so that they are no other client's.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for (line, number) in io::stdin().lock().lines().zip(1..) {
        let request = format!("table7-{number} {}", line?);
        let reply = match order(&mut stream, &request) {
            Ok(reply) => reply,
            Err(error) => {
                println!("no reply, asks again: {}", error.kind());
                stream = TcpStream::connect(addr)?;
                order(&mut stream, &request)?
            }
        };
        println!("{reply}");
    }
    Ok(())
}

fn order(stream: &mut TcpStream, request: &str) -> io::Result<String> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(&[&(request.len() as u32).to_be_bytes(), request.as_bytes()].concat())?;
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let mut payload = Vec::new();
    stream.take(u32::from_be_bytes(header).into()).read_to_end(&mut payload)?;
    Ok(String::from_utf8_lossy(&payload).into_owned())
}
