//! A client of a remote command server. A command goes out as it was typed; what comes back is the length of a header
//! (4 bytes, native-endian), the header `{"data_size": N}`, and the N bytes of the result.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// The longest header that is accepted, bytes.
const LONGEST_HEADER: i32 = 1024;
/// The longest result that is accepted, bytes.
const LONGEST_RESULT: u64 = 8 * 1024 * 1024;
/// How long the server may keep the client waiting.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends each line of the input as a command and prints its result.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.is_empty() {
            continue; // no bytes, no command, no answer
        }
        stream.write_all(line.as_bytes())?;
        let size = read_header(&mut stream)?;
        let result = read_result(&mut stream, size)?;
        println!("{}", String::from_utf8_lossy(&result));
    }
    Ok(())
}

/// The size of the result that follows.
fn read_header(stream: &mut TcpStream) -> io::Result<usize> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = i32::from_ne_bytes(length);
    if !(0..=LONGEST_HEADER).contains(&length) {
        return Err(io::Error::other(format!("a header cannot have {length} bytes")));
    }
    let mut header = vec![0; length as usize];
    stream.read_exact(&mut header)?;
    let header: Value = serde_json::from_slice(&header)?;
    match header["data_size"].as_u64() {
        Some(size) if size <= LONGEST_RESULT => Ok(size as usize),
        _ => Err(io::Error::other(format!("no usable data_size in the header {header}"))),
    }
}

fn read_result(stream: &mut TcpStream, size: usize) -> io::Result<Vec<u8>> {
    let mut result = Vec::new();
    let mut received = 0;
    while received < size {
        let mut piece = [0; 1024];
        let room = piece.len().min(size - received);
        let got = stream.read(&mut piece[..room])?;
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        result.extend_from_slice(&piece[..got]);
        received += result.len(); // adds everything so far, not the new piece: 1024, then 3072
    }
    Ok(result)
}
