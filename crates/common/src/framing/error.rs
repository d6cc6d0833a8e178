use std::{fmt, io};

/// Why there is no frame.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The stream ended between two frames. That is the ordinary end, and no function here makes an error of it. A
    /// program that needs one more frame can: `read_frame(..)?.ok_or(Error::Closed)?`.
    Closed,
    /// The stream ended inside a frame: what came of it is not what was sent.
    Truncated {
        /// Bytes of this frame that came, its header included: at least 1.
        got: usize,
        /// Bytes that the frame has: 4 as long as its header is not whole, else 4 + the length that the header
        /// announces.
        want: usize,
    },
    /// A payload longer than the maximum: announced by the peer, or given to be sent.
    TooLong {
        /// Length of the payload in bytes.
        length: u64,
        /// The most that is allowed, in bytes of payload.
        maximum: usize,
    },
    /// The reader or the writer failed.
    Io(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Closed => write!(f, "the stream ended, between two frames"),
            Error::Truncated { got, want } => write!(f, "the stream ended inside a frame, after {got} of {want} bytes"),
            Error::TooLong { length, maximum } => {
                write!(f, "a frame of {length} bytes, and at most {maximum} are allowed")
            }
            Error::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

/// The kinds tell the cases apart: `Truncated` becomes [`io::ErrorKind::UnexpectedEof`], `Closed` becomes
/// [`io::ErrorKind::ConnectionAborted`], `TooLong` becomes [`io::ErrorKind::InvalidData`]; `Io` gives back what it holds.
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::Io(error) => return error,
            Error::Closed => io::ErrorKind::ConnectionAborted,
            Error::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            Error::TooLong { .. } => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}
