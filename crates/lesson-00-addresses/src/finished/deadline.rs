//! Reads that end in time, however slowly the bytes come.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Reads from a connection until a moment that does not move: SO_RCVTIMEO alone starts anew with every byte.
pub(super) struct Deadline<'a> {
    stream: &'a TcpStream,
    end: Instant,
}

impl Deadline<'_> {
    /// All reads together may take so long.
    pub(super) fn within(stream: &TcpStream, time: Duration) -> Deadline<'_> {
        Deadline { stream, end: Instant::now() + time }
    }
}

impl Read for Deadline<'_> {
    /// # Errors
    ///
    /// `TimedOut` when the time is up; otherwise those of recv(2).
    #[expect(clippy::disallowed_methods, reason = "this is the one read that the others are made of")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer).map_err(|error| match error.kind() {
            // The same event under its Unix name.
            io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
            _ => error,
        })
    }
}
