use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a whole login may take, unless there is a reason for another time.
pub const LOGIN_TIME: Duration = Duration::from_secs(5);

/// The moment when a login must be done. A timeout for each read would be none: a byte in time starts it afresh.
///
/// Made right after `accept`, so that waiting for a thread counts too. `Deadline::default()` is [`LOGIN_TIME`] from now.
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
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Default for Deadline {
    fn default() -> Deadline {
        Deadline::after(LOGIN_TIME)
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deadline").field("begin", &self.begin).field("time", &self.time).finish_non_exhaustive()
    }
}

/// A blocking socket whose every call ends at the deadline, with `TimedOut` on every system.
pub(super) struct Timed<'a> {
    pub(super) stream: &'a TcpStream,
    pub(super) deadline: &'a Deadline,
}

#[expect(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.deadline.left()?))?;
        self.stream.read(into).map_err(expired)
    }
}

#[expect(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.deadline.left()?))?;
        self.stream.write(bytes).map_err(expired)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A socket's timeout is `WouldBlock` on Unix and `TimedOut` on Windows.
fn expired(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error }
}
