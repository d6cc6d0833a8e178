use std::path::PathBuf;
use std::{fmt, io};

/// Why there is no key, no login, or no further record. For the eyes of whoever runs this side: of a failed login the
/// peer is told nothing but that it is [refused](Error::Refused).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The key file cannot be read or written, or does not hold a key.
    KeyFile {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system says, or [`Error::NotAKey`] inside.
        error: io::Error,
    },
    /// The key file is not taken: others than its user could read or change it.
    KeyExposed {
        /// The file that was asked for.
        path: PathBuf,
        /// What is open, and the command that closes it.
        why: String,
    },
    /// A text is not that of a key.
    NotAKey,
    /// A service or an identity that is empty or too long to be sent.
    Name {
        /// Its length in bytes.
        length: usize,
        /// The longest that can be sent, in bytes.
        longest: usize,
    },
    /// The peer's bytes are no message of this login; what is wrong with them.
    NotThisLogin(&'static str),
    /// The server offers another service than the client wants. The client has sent nothing.
    OtherService {
        /// The service that the server named.
        got: String,
    },
    /// The server is full, or somebody on the path says so: it refused the connection before it was told any name. The
    /// same login may succeed a little later.
    Busy,
    /// The server refused the login, or somebody on the path says so: a refusal has no tag.
    Refused,
    /// The server's proof is wrong.
    ServerUnproven,
    /// The client's proof is wrong.
    ClientUnproven {
        /// Who the client said it was. Anybody may say anything; control characters are to be escaped before a terminal.
        identity: String,
        /// Whether this server has a key for it.
        known: bool,
    },
    /// The keys of an identity could not be looked up. The client gets the same refusal as for a wrong key.
    Lookup {
        /// Who the client said it was. Anybody may say anything; control characters are to be escaped before a terminal.
        identity: String,
        /// What the look-up said.
        error: io::Error,
    },
    /// The deadline came before the login was done.
    Expired,
    /// The peer closed the connection before the login was done.
    Closed,
    /// A record's tag is wrong.
    BadTag,
    /// A record of a length or a type that there is not; what is wrong with it.
    BadRecord(&'static str),
    /// The stream ended without an authenticated end.
    Truncated,
    /// There are bytes behind the authenticated end.
    AfterEnd,
    /// All 2^64 record numbers of one direction are used up.
    Exhausted,
    /// This login, or this direction of the channel, is over: by its end, or by an error told before.
    Over,
    /// The socket, or the system's random generator, failed.
    Io(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::KeyFile { path, error } => write!(f, "key file {}: {error}", path.display()),
            Error::KeyExposed { path, why } => write!(f, "key file {}: {why}", path.display()),
            Error::NotAKey => f.write_str("a key is 64 hex digits and at most a newline: make one, a password will not do"),
            Error::Name { length, longest } => {
                write!(f, "a name of {length} bytes cannot be sent here, only one of 1 to {longest}: choose another name")
            }
            Error::NotThisLogin(what) => write!(f, "the other side does not speak this login ({what}): check the port"),
            Error::OtherService { got } => write!(f, "the server offers {got:?}, another service: check the port"),
            Error::Busy => f.write_str("the server is full, or someone on the path says so: try again later"),
            Error::Refused => f.write_str(
                "the server refused the login, or someone on the path says so: check the identity and its key on both sides",
            ),
            Error::ServerUnproven => {
                f.write_str("the server did not prove that it has the key: send it nothing, it may be an impostor")
            }
            Error::ClientUnproven { identity, known: true } => {
                write!(f, "client {identity:?} did not prove that it has its key: compare the key on both sides")
            }
            Error::ClientUnproven { identity, known: false } => {
                write!(f, "client {identity:?} is not known here: add its key, or let it go")
            }
            Error::Lookup { identity, error } => write!(f, "the keys of client {identity:?} cannot be looked up: {error}"),
            Error::Expired => f.write_str("the login was not done in time: the other side is silent or slow"),
            Error::Closed => f.write_str("the other side closed the connection before the login was done: see its log"),
            Error::BadTag => f.write_str("a record was changed, dropped, repeated or made up on the way: trust nothing more"),
            Error::BadRecord(what) => write!(f, "a record has {what}: the other side is faulty or not the one that logged in"),
            Error::Truncated => f.write_str("the stream was cut off before its authenticated end: what came is incomplete"),
            Error::AfterEnd => f.write_str("there are bytes behind the authenticated end: somebody added them"),
            Error::Exhausted => f.write_str("all record numbers are used up: log in again"),
            Error::Over => f.write_str("this is over, by its end or by an error before: log in again"),
            Error::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::KeyFile { error, .. } | Error::Lookup { error, .. } | Error::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

/// `Io` gives back what it holds. Of the others the kind is: `ConnectionAborted` for `Closed` and `Truncated`, which were
/// cut off, while `UnexpectedEof` is only what `read_exact` and the like say behind the authenticated end; `TimedOut` for
/// `Expired`; `ResourceBusy` for `Busy`; `PermissionDenied` for `Refused`, a missing proof and an exposed key; `BrokenPipe`
/// for `Over` and `Exhausted`; `InvalidInput` for a key or a name given to this side; `InvalidData` for what the peer sent;
/// and that of the error inside for `KeyFile` and `Lookup`.
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        use io::ErrorKind;
        let kind = match &error {
            Error::Io(_) => ErrorKind::Other,
            Error::KeyFile { error, .. } | Error::Lookup { error, .. } => error.kind(),
            Error::Closed | Error::Truncated => ErrorKind::ConnectionAborted,
            Error::Expired => ErrorKind::TimedOut,
            Error::Busy => ErrorKind::ResourceBusy,
            Error::Refused | Error::ServerUnproven | Error::ClientUnproven { .. } | Error::KeyExposed { .. } => {
                ErrorKind::PermissionDenied
            }
            Error::Over | Error::Exhausted => ErrorKind::BrokenPipe,
            Error::NotAKey | Error::Name { .. } => ErrorKind::InvalidInput,
            Error::NotThisLogin(_)
            | Error::OtherService { .. }
            | Error::BadTag
            | Error::BadRecord(_)
            | Error::AfterEnd => ErrorKind::InvalidData,
        };
        match error {
            Error::Io(error) => error,
            error => io::Error::new(kind, error),
        }
    }
}
