//! Time limits on a socket.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A socket with a moment by which everything must be done. A timeout for each read would not do: a peer that sends one
/// byte now and then never runs into it.
pub(crate) struct Deadline<'a> {
    stream: &'a TcpStream,
    moment: Instant,
}

impl<'a> Deadline<'a> {
    pub(crate) fn within(stream: &'a TcpStream, time: Duration) -> Deadline<'a> {
        Deadline { stream, moment: Instant::now() + time }
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.moment.saturating_duration_since(Instant::now());
        // A timeout of zero would mean none at all, and is an error in std.
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

/// The value of an option: seconds, which may have a fraction.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(time) if !time.is_zero() && time <= Duration::from_secs(86_400) => Ok(time),
        _ => Err("seconds, more than 0 and at most 86400".to_string()),
    }
}

/// `WouldBlock` is what a socket timeout is called on Unix.
pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl Read for Deadline<'_> {
    #[expect(clippy::disallowed_methods, reason = "hands a single read on to a caller that loops")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Deadline<'_> {
    #[expect(clippy::disallowed_methods, reason = "hands a single write on to a caller that loops")]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn write_vectored(&mut self, slices: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
