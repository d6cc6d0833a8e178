//! A moment by which something on a socket must be done.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A socket with such a moment. A timeout for each call would not do: a peer that sends or takes one byte now and then
/// never runs into it.
pub(super) struct Deadline<'a> {
    stream: &'a TcpStream,
    moment: Instant,
}

impl<'a> Deadline<'a> {
    pub(super) fn until(stream: &'a TcpStream, moment: Instant) -> Deadline<'a> {
        Deadline { stream, moment }
    }

    pub(super) fn within(stream: &'a TcpStream, time: Duration) -> Deadline<'a> {
        Deadline::until(stream, Instant::now() + time)
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.moment.saturating_duration_since(Instant::now());
        // A timeout of zero would mean none at all, and is an error in std.
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

/// A time limit that passed has one name on Windows and another one elsewhere.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock { io::ErrorKind::TimedOut.into() } else { error }
}

impl Read for Deadline<'_> {
    /// # Errors
    ///
    /// `TimedOut` when the moment has passed; otherwise those of recv(2).
    #[expect(clippy::disallowed_methods, reason = "hands a single read on to a caller that loops")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer).map_err(timed_out)
    }
}

impl Write for Deadline<'_> {
    /// # Errors
    ///
    /// `TimedOut` when the moment has passed; otherwise those of send(2).
    #[expect(clippy::disallowed_methods, reason = "hands a single write on to a caller that loops")]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
