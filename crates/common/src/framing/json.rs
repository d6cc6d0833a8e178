//! A frame whose payload is a JSON object that says what follows: length, header, body.
//!
//! ```text
//!    +----+----+----+----+----------------------+---------------------------+
//!    | 00   00   00   13 | {"data_size": 3000}  |  3000 bytes of anything   |
//!    +----+----+----+----+----------------------+---------------------------+
//!      a frame as in the   19 bytes of JSON,      as many bytes as the
//!      module above        one object             header says
//! ```
//!
//! A header comes from a stranger, so every field is asked for by name and type, every size has a limit, and what was
//! not asked for is an error:
//!
//! * One object, UTF-8, nothing behind it, no byte order mark, no `NaN`: RFC 8259, sections 2, 6 and 8.1.
//! * No member twice. RFC 8259, section 4 leaves open which of the two counts, so two programs may read two different
//!   headers out of the same bytes; RFC 7493, section 2.3 forbids it.
//! * Flat: a member is a number, a string or a list of strings. An object in the object is an error.
//! * A size is written as a whole number: `3`. `3.0`, `1e3` and `-0` are refused.
//!
//! ```
//! use common::framing::{self, json};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), json::Error> {
//! let mut wire = Vec::new();
//! let header = json!({"status": 0, "data_size": 5});
//! json::write(&mut wire, &header, &[b"hello"], json::DEFAULT_MAXIMUM)?;
//!
//! let mut reader = &wire[..];
//! let mut fields = json::read_header(&mut reader, json::DEFAULT_MAXIMUM)?.ok_or(framing::Error::Closed)?;
//! let status = fields.integer("status")?;
//! let size = fields.size("data_size", 1024 * 1024)?;
//! fields.finish()?;
//! assert_eq!((status, size, reader), (0, 5, &b"hello"[..]));
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IoSlice, Read, Write};

use serde_core::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Number, Value};

/// A maximum for programs without a reason for another: 64 KiB of JSON.
pub const DEFAULT_MAXIMUM: usize = 64 * 1024;

/// Why a header is no good.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no whole frame, see [`super::Error`].
    Frame(super::Error),
    /// The bytes are not JSON: syntax, UTF-8, bytes behind the object, or deeper than 127 levels.
    Json(serde_json::Error),
    /// JSON, and no object: a list, a number, ...
    NotAnObject,
    /// This member is there more than once.
    Duplicate(String),
    /// This member is not there.
    Missing(&'static str),
    /// This member was never asked for.
    Unknown(String),
    /// Negative, fractional, written with an exponent, or not below 2^64.
    NotASize {
        /// Name of the member.
        field: &'static str,
        /// The number as it was understood.
        found: Number,
    },
    /// Fractional, written with an exponent, or not within 64 bits with a sign.
    NotAnInteger {
        /// Name of the member.
        field: &'static str,
        /// The number as it was understood.
        found: Number,
    },
    /// A size above its maximum.
    TooLarge {
        /// Name of the member.
        field: &'static str,
        /// What it says.
        size: u64,
        /// The most that is allowed.
        maximum: u64,
    },
    /// A text where a number belongs, or the like.
    WrongType {
        /// Name of the member.
        field: &'static str,
        /// The type that belongs there.
        want: &'static str,
        /// The type that stands there.
        found: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Frame(error) => write!(f, "{error}"),
            Error::Json(error) => write!(f, "the header is not JSON: {error}"),
            Error::NotAnObject => write!(f, "the header is JSON, but not an object"),
            Error::Duplicate(name) => write!(f, "the header has {} more than once", shown(name)),
            Error::Missing(field) => write!(f, "the header has no \"{field}\""),
            Error::Unknown(name) => write!(f, "the header has an unknown {}", shown(name)),
            Error::NotASize { field, found } => {
                write!(f, "\"{field}\" in the header is {found}, and a size is a whole number from 0 to 2^64 - 1")
            }
            Error::NotAnInteger { field, found } => {
                write!(f, "\"{field}\" in the header is {found}, and not a whole number of 64 bits")
            }
            Error::TooLarge { field, size, maximum } => {
                write!(f, "\"{field}\" in the header is {size}, and at most {maximum} is allowed")
            }
            Error::WrongType { field, want, found } => {
                write!(f, "\"{field}\" in the header is {found}, and {want} belongs there")
            }
        }
    }
}

/// A name that a stranger chose, for an error message: on one line, control characters escaped, not long.
fn shown(name: &str) -> String {
    const LONGEST: usize = 40;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}...", &name[..end]),
        None => format!("{name:?}"),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Frame(error) => error.source(),
            Error::Json(error) => error.source(),
            _ => None,
        }
    }
}

impl From<super::Error> for Error {
    fn from(error: super::Error) -> Error {
        Error::Frame(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Frame(error.into())
    }
}

/// `Frame` becomes what its [`super::Error`] becomes, all others [`io::ErrorKind::InvalidData`].
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        match error {
            Error::Frame(error) => error.into(),
            error => io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }
}

/// The members of a header. Each is asked for once, by name and type; [`finish`](Fields::finish) then finds what is
/// left.
#[derive(Debug)]
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// Reads one JSON object from all of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Json`], [`Error::NotAnObject`], [`Error::Duplicate`].
    pub fn parse(bytes: &[u8]) -> Result<Fields, Error> {
        let mut parser = serde_json::Deserializer::from_slice(bytes);
        let members = parser.deserialize_map(Members).map_err(|error| match error.is_data() {
            true => Error::NotAnObject,
            false => Error::Json(error),
        })?;
        parser.end().map_err(Error::Json)?;

        let mut fields = BTreeMap::new();
        for (name, value) in members {
            if fields.contains_key(&name) {
                return Err(Error::Duplicate(name));
            }
            fields.insert(name, value);
        }
        Ok(Fields(fields))
    }

    /// Whether a member of this name is there and was not asked for yet.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// A whole number from 0 to `maximum`.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::WrongType`], [`Error::NotASize`], [`Error::TooLarge`].
    pub fn size(&mut self, field: &'static str, maximum: u64) -> Result<u64, Error> {
        let found = self.number(field)?;
        match found.as_u64() {
            Some(size) if size <= maximum => Ok(size),
            Some(size) => Err(Error::TooLarge { field, size, maximum }),
            None => Err(Error::NotASize { field, found }),
        }
    }

    /// A whole number from -2^63 to 2^63 - 1.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::WrongType`], [`Error::NotAnInteger`].
    pub fn integer(&mut self, field: &'static str) -> Result<i64, Error> {
        let found = self.number(field)?;
        found.as_i64().ok_or(Error::NotAnInteger { field, found })
    }

    /// A string.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::WrongType`].
    pub fn text(&mut self, field: &'static str) -> Result<String, Error> {
        match self.take(field)? {
            Value::String(text) => Ok(text),
            other => Err(Error::WrongType { field, want: "a string", found: kind(&other) }),
        }
    }

    /// A list of strings, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::WrongType`].
    pub fn texts(&mut self, field: &'static str) -> Result<Vec<String>, Error> {
        let want = "a list of strings";
        let list = match self.take(field)? {
            Value::Array(list) => list,
            other => {
                return Err(Error::WrongType { field, want, found: kind(&other) });
            }
        };
        let text = |value| match value {
            Value::String(text) => Ok(text),
            _ => Err(Error::WrongType { field, want, found: "a list of other things" }),
        };
        list.into_iter().map(text).collect()
    }

    /// Ends the reading of a header.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if a member was never asked for.
    pub fn finish(self) -> Result<(), Error> {
        match self.0.into_keys().next() {
            Some(name) => Err(Error::Unknown(name)),
            None => Ok(()),
        }
    }

    fn take(&mut self, field: &'static str) -> Result<Value, Error> {
        self.0.remove(field).ok_or(Error::Missing(field))
    }

    fn number(&mut self, field: &'static str) -> Result<Number, Error> {
        match self.take(field)? {
            Value::Number(number) => Ok(number),
            other => Err(Error::WrongType { field, want: "a number", found: kind(&other) }),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Gathers the members of an object in their order, doubles included: a [`Value`] keeps the last of them and is silent.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

/// Reads a frame and the JSON object in it. Not one byte of the body is read: that is the caller's, in pieces if it is
/// long (`reader.take(size)`), and fewer bytes than the header said are an error there too. `None` if the stream ends
/// before the first byte of the frame.
///
/// # Errors
///
/// As [`super::read_frame`] with `maximum` bytes of JSON: the stream is lost. As [`Fields::parse`]: the frame was whole,
/// but nobody knows whether a body follows it.
pub fn read_header(reader: &mut impl Read, maximum: usize) -> Result<Option<Fields>, Error> {
    super::read_frame(reader, maximum)?.map(|payload| Fields::parse(&payload)).transpose()
}

/// Writes `header` in a frame, then the pieces of `body` one behind the other. That the sizes in the header are true is
/// the caller's care.
///
/// Up to 64 KiB in all leave in one `write_all`: a header sent alone is a small segment, and the body behind it may
/// wait for its acknowledgement (Nagle's algorithm, RFC 896, and delayed ACK, RFC 1122, section 4.2.3.2). What is
/// larger is not copied; it is handed over with `write_vectored`, which to a socket is one call too (writev(2)).
///
/// # Errors
///
/// [`Error::NotAnObject`], or [`Error::Frame`] with `TooLong` if the header has more than `maximum` bytes: nothing has
/// been written then. [`Error::Frame`] with `Io` from the writer: the stream is lost.
pub fn write(writer: &mut impl Write, header: &Value, body: &[&[u8]], maximum: usize) -> Result<(), Error> {
    if !header.is_object() {
        return Err(Error::NotAnObject);
    }
    let mut head = super::encode(header.to_string().as_bytes(), maximum)?;
    let total = body.iter().fold(head.len(), |sum, piece| sum.saturating_add(piece.len()));
    if total <= super::ONE_WRITE {
        body.iter().for_each(|piece| head.extend_from_slice(piece));
        writer.write_all(&head)?;
    } else {
        let mut slices: Vec<IoSlice<'_>> = [&head[..]].iter().chain(body).map(|piece| IoSlice::new(piece)).collect();
        super::write_all_vectored(writer, &mut slices)?;
    }
    Ok(())
}
