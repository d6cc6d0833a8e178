//! Time limits on a socket.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use lab::clap::Arg;

/// A socket with a moment by which everything must be done. A timeout for each call would not do: a peer that sends or
/// takes one byte now and then never runs into it.
pub(super) struct Deadline<'a> {
    stream: &'a TcpStream,
    moment: Instant,
}

impl<'a> Deadline<'a> {
    pub(super) fn within(stream: &'a TcpStream, time: Duration) -> Deadline<'a> {
        Deadline { stream, moment: Instant::now() + time }
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
    /// `TimedOut` when the time is up; otherwise those of recv(2).
    #[expect(clippy::disallowed_methods, reason = "hands a single read on to a caller that loops")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer).map_err(timed_out)
    }
}

impl Write for Deadline<'_> {
    /// # Errors
    ///
    /// `TimedOut` when the time is up; otherwise those of send(2).
    #[expect(clippy::disallowed_methods, reason = "hands a single write on to a caller that loops")]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// An option for a time limit, in seconds, which may have a fraction.
pub(super) fn option(name: &'static str, default: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("SECONDS")
        .value_parser(seconds)
        .default_value(default)
        .conflicts_with("name")
        .help(help)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(time) if !time.is_zero() && time <= Duration::from_secs(86_400) => Ok(time),
        _ => Err("seconds, more than 0 and at most 86400".to_string()),
    }
}
