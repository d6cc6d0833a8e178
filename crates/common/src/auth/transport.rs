use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use crate::deadline::{Deadline, is_timeout};

/// A stream of bytes in both directions, whose every call can be ended by a deadline: what a [`Channel`](super::Channel)
/// runs on. `TcpStream` and, on Unix, `UnixStream` are such streams, and an `Arc` of one is.
///
/// All calls take `&self`, so that one half may read while the other one writes. For a stream that needs `&mut` for a call
/// (TLS, say), put it into a `Mutex`; a read that waits then holds up the writer, so do not split such a channel.
///
/// ```
/// use common::auth::Transport;
/// use common::deadline::Deadline;
/// use std::io::{self, Read, Write};
/// use std::net::Shutdown;
/// use std::process::{ChildStdin, ChildStdout};
/// use std::sync::Mutex;
///
/// /// The pipes of a child process. They have no timeouts, so a deadline is looked at between two calls only.
/// struct Pipes(Mutex<Option<ChildStdin>>, Mutex<ChildStdout>);
///
/// impl Transport for Pipes {
///     fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
///         deadline.map(Deadline::left).transpose()?;
///         self.1.lock().unwrap().read(into)
///     }
///
///     fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
///         deadline.map(Deadline::left).transpose()?;
///         self.0.lock().unwrap().as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write(bytes)
///     }
///
///     fn shut_down(&self, how: Shutdown) -> io::Result<()> {
///         if how != Shutdown::Read {
///             *self.0.lock().unwrap() = None;
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait Transport {
    /// Waits for bytes, until the deadline if there is one, and gives as many as there are, at least 1 and at most
    /// `into.len()`. 0 is the end of the stream.
    ///
    /// # Errors
    ///
    /// `TimedOut` when the deadline has come. Without a deadline `WouldBlock` or `TimedOut` if the stream has a timeout of
    /// its own. Nothing is lost by either.
    fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize>;

    /// Sends at least one byte of these, and says how many; waits for room, until the deadline if there is one.
    ///
    /// # Errors
    ///
    /// As of [`read_by`](Transport::read_by); no byte was sent.
    fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize>;

    /// Ends one direction or both. What was written before still arrives, then the other side reads the end.
    ///
    /// # Errors
    ///
    /// The stream is gone already.
    fn shut_down(&self, how: Shutdown) -> io::Result<()>;

    /// The stream's own timeouts for one read and for one write, which hold where there is no deadline. A stream without
    /// timeouts has none.
    ///
    /// # Errors
    ///
    /// They cannot be asked for.
    fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
        Ok([None; 2])
    }

    /// Puts back what [`timeouts`](Transport::timeouts) gave.
    ///
    /// # Errors
    ///
    /// They cannot be set.
    fn set_timeouts(&self, [_read, _write]: [Option<Duration>; 2]) -> io::Result<()> {
        Ok(())
    }
}

/// Sends all bytes, or fails; after an error nobody knows how many have left.
pub(super) fn write_all_by(stream: &impl Transport, mut bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write_by(bytes, deadline) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Transport for TcpStream {
    fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        read(self, into, deadline, |left| self.set_read_timeout(left))
    }

    fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        write(self, bytes, deadline, |left| self.set_write_timeout(left))
    }

    fn shut_down(&self, how: Shutdown) -> io::Result<()> {
        self.shutdown(how)
    }

    fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
        Ok([self.read_timeout()?, self.write_timeout()?])
    }

    fn set_timeouts(&self, [read, write]: [Option<Duration>; 2]) -> io::Result<()> {
        self.set_read_timeout(read)?;
        self.set_write_timeout(write)
    }
}

#[cfg(unix)]
impl Transport for UnixStream {
    fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        read(self, into, deadline, |left| self.set_read_timeout(left))
    }

    fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        write(self, bytes, deadline, |left| self.set_write_timeout(left))
    }

    fn shut_down(&self, how: Shutdown) -> io::Result<()> {
        self.shutdown(how)
    }

    fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
        Ok([self.read_timeout()?, self.write_timeout()?])
    }

    fn set_timeouts(&self, [read, write]: [Option<Duration>; 2]) -> io::Result<()> {
        self.set_read_timeout(read)?;
        self.set_write_timeout(write)
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        (**self).read_by(into, deadline)
    }

    fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        (**self).write_by(bytes, deadline)
    }

    fn shut_down(&self, how: Shutdown) -> io::Result<()> {
        (**self).shut_down(how)
    }

    fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
        (**self).timeouts()
    }

    fn set_timeouts(&self, timeouts: [Option<Duration>; 2]) -> io::Result<()> {
        (**self).set_timeouts(timeouts)
    }
}

/// One read of a socket, whose timeout is what is left until the deadline.
#[allow(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
fn read(
    mut socket: impl Read,
    into: &mut [u8],
    deadline: Option<&Deadline>,
    set_timeout: impl Fn(Option<Duration>) -> io::Result<()>,
) -> io::Result<usize> {
    let Some(deadline) = deadline else { return socket.read(into) };
    set_timeout(Some(deadline.left()?))?;
    socket.read(into).map_err(expired)
}

/// One write of a socket, whose timeout is what is left until the deadline.
#[allow(clippy::disallowed_methods, reason = "one call of this is one call of the socket; the callers have the loops")]
fn write(
    mut socket: impl Write,
    bytes: &[u8],
    deadline: Option<&Deadline>,
    set_timeout: impl Fn(Option<Duration>) -> io::Result<()>,
) -> io::Result<usize> {
    let Some(deadline) = deadline else { return socket.write(bytes) };
    set_timeout(Some(deadline.left()?))?;
    socket.write(bytes).map_err(expired)
}

/// A socket says `WouldBlock` on Unix when its timeout has passed.
fn expired(error: io::Error) -> io::Error {
    if is_timeout(&error) { ErrorKind::TimedOut.into() } else { error }
}
