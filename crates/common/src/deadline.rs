//! A moment by which something must be done, however slowly the bytes come.
//!
//! A socket's timeout (SO_RCVTIMEO, SO_SNDTIMEO, socket(7)) counts for one call: a peer that sends or takes one byte now
//! and then never runs into it. A deadline does not move.
//!
//! ```
//! use common::deadline::Deadline;
//! use std::io::{ErrorKind, Read};
//! use std::net::{TcpListener, TcpStream};
//! use std::time::Duration;
//!
//! # fn main() -> std::io::Result<()> {
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let stream = TcpStream::connect(listener.local_addr()?)?;
//!
//! let deadline = Deadline::after(Duration::from_millis(20));
//! let error = deadline.over(&stream).read_exact(&mut [0; 4]).unwrap_err();    // all four bytes, or the moment has come
//! assert_eq!(error.kind(), ErrorKind::TimedOut);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The moment when something must be done.
pub struct Deadline {
    begin: Instant,
    time: Duration,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
}

impl Deadline {
    /// `time` from now, by the monotonic clock.
    pub fn after(time: Duration) -> Deadline {
        Deadline::by(Instant::now, time)
    }

    /// `time` from now, by any clock that does not go backwards.
    pub fn by(clock: impl Fn() -> Instant + Send + Sync + 'static, time: Duration) -> Deadline {
        Deadline { begin: clock(), time, clock: Box::new(clock) }
    }

    /// What is left, more than nothing.
    ///
    /// # Errors
    ///
    /// `TimedOut` when nothing is left.
    pub fn left(&self) -> io::Result<Duration> {
        let left = self.time.saturating_sub((self.clock)().saturating_duration_since(self.begin));
        // A socket timeout of zero would mean none at all, and is an error in std.
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    /// A blocking socket whose every call ends at this deadline. Its own timeouts are overwritten.
    pub fn over<'a>(&'a self, stream: &'a TcpStream) -> Timed<'a> {
        Timed { stream, deadline: self }
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deadline").field("begin", &self.begin).field("time", &self.time).finish_non_exhaustive()
    }
}

/// A blocking socket and the deadline of all its calls; made by [`Deadline::over`].
///
/// # Errors
///
/// `TimedOut` on every system once the moment has come; otherwise those of recv(2) and send(2), but never `Interrupted`: a
/// call that was interrupted (a machine that was suspended does that to calls that have a timeout, signal(7)) is begun again
/// with what is left of the time.
#[derive(Debug)]
pub struct Timed<'a> {
    stream: &'a TcpStream,
    deadline: &'a Deadline,
}

#[allow(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        uninterrupted(|| {
            self.stream.set_read_timeout(Some(self.deadline.left()?))?;
            self.stream.read(into)
        })
    }
}

#[allow(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        uninterrupted(|| {
            self.stream.set_write_timeout(Some(self.deadline.left()?))?;
            self.stream.write(bytes)
        })
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        uninterrupted(|| {
            self.stream.set_write_timeout(Some(self.deadline.left()?))?;
            self.stream.write_vectored(slices)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn uninterrupted(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) => return Err(ErrorKind::TimedOut.into()),
            result => return result,
        }
    }
}

/// Whether a blocking socket's timeout has passed, its own or a deadline's: `WouldBlock` on Unix, `TimedOut` on Windows.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
