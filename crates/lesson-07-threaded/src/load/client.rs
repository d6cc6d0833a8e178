//! One client: it asks, waits for the whole answer, and asks again.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::deadline::Deadline;

use crate::wire::{GREETING, ZERO};

/// What a client sends.
pub(super) struct Commands {
    /// A command.
    request: &'static [u8],
    /// The last command; the server closes the connection.
    goodbye: &'static [u8],
}

/// Without a newline: a server that takes what one read gives for a command knows no other.
const WORDS: Commands = Commands { request: b"0", goodbye: b"exit" };
/// With a newline: a server of lines waits for it.
const LINES: Commands = Commands { request: b"0\n", goodbye: b"exit\n" };

impl Commands {
    pub(super) const fn new(lines: bool) -> &'static Commands {
        if lines { &LINES } else { &WORDS }
    }
}

/// How much is read at once, bytes: more than any right answer, so that a longer wrong one is seen.
const PIECE: usize = 64;
/// Nobody listens, or the queue of the listener is full on a system that says so.
pub(super) const REFUSED: &str = "connection refused";

/// What one client saw.
pub(super) struct Session {
    /// From the beginning of the connect to the last byte of the greeting; `None` where none came.
    pub(super) greeting: Option<Duration>,
    /// From each request to the last byte of its answer.
    pub(super) latencies: Vec<Duration>,
    /// Why it ended early.
    pub(super) error: Option<String>,
    /// When it ended.
    pub(super) end: Instant,
}

/// Connects, makes so many requests one after the other, and says goodbye. Ends at the first error.
///
/// Every byte is compared: a fast wrong answer is no answer. `answered` counts right answers.
pub(super) fn talk(
    address: SocketAddr,
    commands: &Commands,
    requests: u64,
    deadline: &Deadline,
    answered: &AtomicU64,
) -> Session {
    let begin = Instant::now();
    let mut session = Session { greeting: None, latencies: Vec::new(), error: None, end: begin };
    session.error = session.run(address, commands, requests, deadline, answered).err();
    session.end = Instant::now();
    session
}

impl Session {
    fn run(
        &mut self,
        server: SocketAddr,
        commands: &Commands,
        requests: u64,
        deadline: &Deadline,
        right: &AtomicU64,
    ) -> Result<(), String> {
        let begin = Instant::now();
        let connect = deadline.left().and_then(|left| TcpStream::connect_timeout(&server, left));
        let stream = connect.map_err(|error| lost(&error, "a connection"))?;
        let mut connection = Connection { stream, deadline };
        connection.expect(GREETING.as_bytes(), "the greeting")?;
        self.greeting = Some(begin.elapsed());
        for _ in 0..requests {
            let begin = Instant::now();
            connection.send(commands.request)?;
            connection.expect(ZERO.as_bytes(), "an answer")?;
            self.latencies.push(begin.elapsed());
            right.fetch_add(1, Ordering::Relaxed);
        }
        connection.send(commands.goodbye)?;
        connection.expect_end()
    }
}

struct Connection<'a> {
    stream: TcpStream,
    deadline: &'a Deadline,
}

impl Connection<'_> {
    fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream.write_all(bytes).map_err(|error| lost(&error, "an answer"))
    }

    /// Reads exactly these bytes.
    fn expect(&mut self, wanted: &[u8], what: &str) -> Result<(), String> {
        let mut received = [0; PIECE];
        let mut length = 0;
        while length < wanted.len() {
            match self.read(&mut received[length..], what)? {
                0 => return Err(format!("the server closed the connection before {what}")),
                count => length += count,
            }
            if !wanted.starts_with(&received[..length]) {
                return Err(format!("instead of {what} came {}", quoted(&received[..length])));
            }
        }
        Ok(())
    }

    /// Reads the end of the stream.
    fn expect_end(&mut self) -> Result<(), String> {
        let mut more = [0; PIECE];
        match self.read(&mut more, "the end")? {
            0 => Ok(()),
            count => Err(format!("instead of the end came {}", quoted(&more[..count]))),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "every piece is compared as it comes, and the callers go on reading")]
    fn read(&mut self, into: &mut [u8], what: &str) -> Result<usize, String> {
        loop {
            match self.deadline.over(&self.stream).read(into) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result.map_err(|error| lost(&error, what)),
            }
        }
    }
}

/// What an error means to a client that waited for something.
fn lost(error: &io::Error, what: &str) -> String {
    match error.kind() {
        ErrorKind::TimedOut => format!("the deadline passed before {what}"),
        ErrorKind::ConnectionRefused => REFUSED.to_string(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            format!("the server reset the connection before {what}")
        }
        _ => error.to_string(),
    }
}

fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", String::from_utf8_lossy(bytes).escape_debug())
}
