//! What an error of accept(2) means: bad luck of one client, a shortage that passes, or the end of the listener.
//!
//! A server that ends at any error of `accept` ends when one client resets its connection too early or when descriptors
//! run out, and takes all its other clients with it. One that tries again at once keeps a processor busy as long as the
//! shortage lasts: the connection stays in the queue, so `accept` fails again without waiting.
//!
//! ```
//! use common::accept::accept;
//! use std::net::{TcpListener, TcpStream};
//! use std::time::Duration;
//!
//! # fn main() -> std::io::Result<()> {
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let _client = TcpStream::connect(listener.local_addr()?)?;
//!
//! let (stream, peer) = accept(&listener, |error, times| {
//!     if times == 1 {
//!         eprintln!("no connection can be accepted for now: {error}");
//!     }
//!     // Better: until one of your own connections is closed, at most so long.
//!     std::thread::park_timeout(Duration::from_millis(500));
//! })?;
//! # let _ = (stream, peer);
//! # Ok(())
//! # }
//! ```

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// What an error of `accept` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum About {
    /// That one connection: its client gave up, a firewall forbids it, or the network reported an error for it, which Linux
    /// hands out here (accept(2), "Error handling"). The next one may be fine.
    Connection,
    /// This process or this machine has no descriptor or no memory left: EMFILE, ENFILE, ENOBUFS, ENOMEM. It passes when
    /// somebody closes something, and until then every call fails at once.
    Shortage,
    /// The listener: no call will succeed any more.
    Listener,
}

/// Says what an error of accept(2) is about.
pub fn about(error: &io::Error) -> About {
    use ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, Interrupted, NetworkDown, NetworkUnreachable, OutOfMemory,
        PermissionDenied, TimedOut, WouldBlock,
    };
    /// EPROTO, ENOPROTOOPT, EHOSTDOWN and ENONET, which have no [`ErrorKind`] of their own.
    const OF_ONE: &[i32] = if cfg!(target_os = "linux") { &[71, 92, 112, 64] } else { &[100, 42, 64] };
    /// EMFILE, ENFILE and ENOBUFS; WSAEMFILE and WSAENOBUFS.
    const SHORT: &[i32] = if cfg!(windows) {
        &[10024, 10055]
    } else if cfg!(target_os = "linux") {
        &[24, 23, 105]
    } else {
        &[24, 23, 55]
    };
    let is = |numbers: &[i32]| error.raw_os_error().is_some_and(|number| numbers.contains(&number));
    match error.kind() {
        ConnectionAborted | ConnectionReset | HostUnreachable | Interrupted | NetworkDown | NetworkUnreachable
        | PermissionDenied | TimedOut | WouldBlock => About::Connection,
        OutOfMemory => About::Shortage,
        _ if is(SHORT) => About::Shortage,
        _ if cfg!(unix) && is(OF_ONE) => About::Connection,
        _ => About::Listener,
    }
}

/// The next connection of a blocking listener, and the address of its peer. Errors that are about one connection are
/// passed over. At a shortage, `wait` is given the error and how often it came in a row, from 1: it has to wait until
/// something may have changed, and may say so at the first.
///
/// # Errors
///
/// There will be no more connections: the error is about the listener.
pub fn accept(listener: &TcpListener, mut wait: impl FnMut(&io::Error, u32)) -> io::Result<(TcpStream, SocketAddr)> {
    let mut short = 0;
    loop {
        match listener.accept() {
            Ok(accepted) => return Ok(accepted),
            Err(error) => match about(&error) {
                About::Connection => {}
                About::Shortage => {
                    short += 1;
                    wait(&error, short);
                }
                About::Listener => return Err(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn every_error_of_accept_has_its_class() {
        // Numbers of Linux, errno(3): those that accept(2) names.
        let of_one = [
            (103, "ECONNABORTED"),
            (4, "EINTR"),
            (1, "EPERM"),
            (71, "EPROTO"),
            (92, "ENOPROTOOPT"),
            (100, "ENETDOWN"),
            (112, "EHOSTDOWN"),
            (64, "ENONET"),
            (113, "EHOSTUNREACH"),
            (101, "ENETUNREACH"),
            (110, "ETIMEDOUT"),
            (104, "ECONNRESET"),
        ];
        let shortage = [(24, "EMFILE"), (23, "ENFILE"), (105, "ENOBUFS"), (12, "ENOMEM")];
        let listener = [(9, "EBADF"), (22, "EINVAL"), (88, "ENOTSOCK"), (95, "EOPNOTSUPP"), (14, "EFAULT")];
        for (errors, class) in
            [(&of_one[..], About::Connection), (&shortage, About::Shortage), (&listener, About::Listener)]
        {
            for (number, name) in errors {
                assert_eq!(about(&io::Error::from_raw_os_error(*number)), class, "{name}");
            }
        }
    }

    #[test]
    fn a_listener_that_is_none_any_more_is_an_error() {
        // A datagram socket in its place would be as wrong; std cannot make one, so the class alone is asked for.
        assert_eq!(about(&io::Error::from(ErrorKind::InvalidInput)), About::Listener);
    }
}
