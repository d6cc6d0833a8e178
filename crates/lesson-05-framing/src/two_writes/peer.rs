//! A client of a remote command server. A command goes out as it was typed; what comes back is the length of its result
//! (4 bytes, signed, native-endian) and the result.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// The longest result that is accepted, bytes.
const LONGEST_RESULT: i32 = 8 * 1024 * 1024;

/// Sends each line of the input as a command and prints its result, until the input ends or says `quit`.
pub fn connect(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let command = line.trim();
        if command.is_empty() {
            continue; // no bytes, no command, no answer
        }
        if command == "quit" {
            break;
        }
        stream.write_all(command.as_bytes())?;
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = i32::from_ne_bytes(length);
        if !(0..=LONGEST_RESULT).contains(&length) {
            return Err(io::Error::other(format!("a result cannot have {length} bytes")));
        }
        let mut result = vec![0; length as usize];
        stream.read_exact(&mut result)?;
        println!("{}", String::from_utf8_lossy(&result).trim_end());
    }
    Ok(())
}
