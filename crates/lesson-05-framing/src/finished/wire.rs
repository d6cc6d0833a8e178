//! What the two sides of remote command say to each other.
//!
//! The client sends a request, the server answers it with a reply, and then the client may send its next request on the
//! same connection. A request is one frame (`common::framing`: 4 bytes of length, unsigned, the most significant byte
//! first, then the payload) with a JSON object in it:
//!
//! ```text
//!    +----+----+----+----+---------------------------------------+
//!    | 00   00   00   25 | {"command":["echo","hi"],"id":"7f3a"} |
//!    +----+----+----+----+---------------------------------------+
//!      37 bytes follow     the program, its arguments; the id of this request
//! ```
//!
//! | member | what |
//! |---|---|
//! | `command` | a list of strings: the program and its arguments, handed over as they are; no shell takes part |
//! | `id` | 1 to 64 printable ASCII characters without blanks, which the client never uses for another request |
//!
//! A reply is a frame with a JSON object that says how many bytes follow, then these bytes: first all of standard
//! output, then all of standard error, with nothing before, between or behind them:
//!
//! ```text
//!    +----+----+----+----+----------------------------------------------------------+----+----+----+
//!    | 00   00   00   38 | {"id":"7f3a","status":0,"stderr_size":0,"stdout_size":3} | 68   69   0a |
//!    +----+----+----+----+----------------------------------------------------------+----+----+----+
//!      56 bytes follow     3 bytes of output follow, none of standard error            h    i    \n
//! ```
//!
//! | member | what |
//! |---|---|
//! | `id` | that of the request |
//! | `status` | the exit status, a whole number; or instead of it |
//! | `signal` | the number of the signal that ended the program (Unix) |
//! | `stdout_size`, `stderr_size` | bytes, each from 0 to [`MOST_OUTPUT`] |
//!
//! Where there is no result, the reply is an object with `error`, a text for people, and `id` if the request had one that
//! could be read; nothing follows. After an error without `id` the server closes the connection if what it got was no
//! frame: nobody knows where the next one begins.
//!
//! * **An empty frame means that the command still runs.** The server sends one every few seconds, a client skips it. A
//!   server that says nothing has gone, and so has a client that resets the connection when it gets one.
//! * The sizes stand before the bytes, so the server has to wait for the end of the command before it can send the
//!   first of them. It keeps them in memory up to a limit and in a file without a name beyond that. The other way, a
//!   frame for each piece of output as it comes and the status last, shows output earlier; but then a reply that was
//!   lost half-way could not be sent again from its beginning.
//! * **A request that is sent again with the same `id` is not run again**: the server keeps its latest replies and sends
//!   the kept one. That holds as long as the server lives.
//! * A client may end its sending half after its request and still gets the reply.

use common::framing::json::{Error, Fields};
use serde_json::{Value, json};

/// The most bytes of JSON in a request or in the header of a reply: 64 KiB.
pub(crate) const MOST_HEADER: usize = common::framing::json::DEFAULT_MAXIMUM;
/// The most bytes of output of one command, both streams together: 256 MiB.
pub(crate) const MOST_OUTPUT: u64 = 256 * 1024 * 1024;
/// The most characters of an id.
const LONGEST_ID: usize = 64;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// The program and its arguments, at least the program.
    pub(crate) command: Vec<String>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With this exit status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// The header of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// The command ran; so many bytes of its standard output and standard error follow.
    Done { id: String, end: End, stdout: u64, stderr: u64 },
    /// It did not, or did not come to its end, for this reason. `None`: the request had no id that could be read.
    Failed { id: Option<String>, error: String },
}

/// Why a request is refused, and its id if that much could be read.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) id: Option<String>,
    pub(crate) error: String,
}

impl Request {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "id": self.id, "command": self.command })
    }

    /// # Errors
    ///
    /// A member is missing, unknown or of another type, the id is no good, or the command is empty.
    pub(crate) fn from_fields(mut fields: Fields) -> Result<Request, Refusal> {
        let id = fields.text("id").map_err(|error| Refusal { id: None, error: error.to_string() })?;
        if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            let error = format!("an \"id\" is 1 to {LONGEST_ID} printable ASCII characters without blanks");
            return Err(Refusal { id: None, error });
        }
        let refuse = |error: Error| Refusal { id: Some(id.clone()), error: error.to_string() };
        let command = fields.texts("command").map_err(refuse)?;
        fields.finish().map_err(refuse)?;
        if command.is_empty() {
            return Err(Refusal { id: Some(id), error: "the command is empty".to_string() });
        }
        Ok(Request { id, command })
    }
}

impl Header {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Header::Done { id, end: End::Status(status), stdout, stderr } => {
                json!({ "id": id, "status": status, "stdout_size": stdout, "stderr_size": stderr })
            }
            Header::Done { id, end: End::Signal(signal), stdout, stderr } => {
                json!({ "id": id, "signal": signal, "stdout_size": stdout, "stderr_size": stderr })
            }
            Header::Failed { id: Some(id), error } => json!({ "id": id, "error": error }),
            Header::Failed { id: None, error } => json!({ "error": error }),
        }
    }

    /// # Errors
    ///
    /// A member is missing, unknown, of another type or too large.
    pub(crate) fn from_fields(mut fields: Fields) -> Result<Header, Error> {
        let header = if fields.has("error") {
            let id = if fields.has("id") { Some(fields.text("id")?) } else { None };
            Header::Failed { id, error: fields.text("error")? }
        } else {
            let small = |number: i64, field| {
                i32::try_from(number).map_err(|_| Error::NotAnInteger { field, found: number.into() })
            };
            let end = if fields.has("signal") {
                End::Signal(small(fields.integer("signal")?, "signal")?)
            } else {
                End::Status(small(fields.integer("status")?, "status")?)
            };
            let stdout = fields.size("stdout_size", MOST_OUTPUT)?;
            let stderr = fields.size("stderr_size", MOST_OUTPUT)?;
            Header::Done { id: fields.text("id")?, end, stdout, stderr }
        };
        fields.finish()?;
        Ok(header)
    }
}
