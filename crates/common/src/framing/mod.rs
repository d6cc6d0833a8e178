//! Frames on a stream: a length, then that many bytes.
//!
//! TCP carries a stream of bytes without marks in it (RFC 9293, section 2.2). A reader gets any part of what was sent:
//! two messages at once, or half of one. A frame says for itself where it ends:
//!
//! ```text
//!          header            payload
//!    +----+----+----+----+----+----+----+----+----+
//!    | 00   00   00   05 | 68   65   6c   6c   6f |      the frame of "hello": 9 bytes
//!    +----+----+----+----+----+----+----+----+----+
//!      length of the       h    e    l    l    o
//!      payload: unsigned,
//!      4 bytes, the most
//!      significant first
//! ```
//!
//! The rules, and where they come from:
//!
//! * The length counts the bytes of the payload, not its characters and not the header. Zero is legal.
//! * Network byte order, most significant byte first: RFC 791, appendix B.
//! * The reader has a maximum, and compares before it allocates anything: four bytes from a stranger must not cost it 4
//!   GiB (CWE-789). Memory grows with the bytes that came, not with the bytes that were announced.
//! * The stream may end between two frames and nowhere else. Anywhere else a frame was [cut off](Error::Truncated).
//! * After a [refused](Error::TooLong) frame nobody knows where the next one begins: what follows is payload, and the
//!   sender chose it. Close the connection.
//! * Header and payload leave in one write. In two, the second may wait until the first is acknowledged (Nagle's
//!   algorithm, RFC 896), and the peer may be slow to acknowledge (delayed ACK, RFC 1122, section 4.2.3.2).
//!
//! A blocking program needs [`read_frame`] and [`write_frame`] only. The clean end of the stream is `None`, so the loop is
//! `while let`:
//!
//! ```
//! use common::framing::{DEFAULT_MAXIMUM, read_frame, write_frame};
//! use std::net::{TcpListener, TcpStream};
//!
//! # fn main() -> std::io::Result<()> {
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let mut client = TcpStream::connect(listener.local_addr()?)?;
//! let (mut server, _) = listener.accept()?;
//!
//! write_frame(&mut client, b"hello", DEFAULT_MAXIMUM)?;
//! write_frame(&mut client, b"", DEFAULT_MAXIMUM)?;
//! drop(client);
//!
//! let mut payloads = Vec::new();
//! while let Some(payload) = read_frame(&mut server, DEFAULT_MAXIMUM)? {
//!     payloads.push(payload);
//! }
//! assert_eq!(payloads, [&b"hello"[..], b""]);
//! # Ok(())
//! # }
//! ```
//!
//! | you have | you need |
//! |---|---|
//! | a blocking stream, and no timeout after which you continue | [`read_frame`], [`write_frame`] |
//! | a stream with a read timeout, or many small frames | [`Frames`] |
//! | your own way of waiting: many clients in one thread, async | one [`Decoder`] for each connection, fed with what arrives |
//! | all bytes in memory | [`split_frame`], [`encode_into`] |

use std::io::{self, ErrorKind, IoSlice, Read, Write};

mod decoder;
mod error;
mod frames;
#[cfg(feature = "json")]
pub mod json;

pub use decoder::Decoder;
pub use error::Error;
pub use frames::Frames;

/// Size of the header in bytes.
pub const HEADER: usize = 4;

/// A maximum for programs without a reason for another: 8 MiB of payload. Before a client has proved who it is, a far
/// smaller one is wise.
pub const DEFAULT_MAXIMUM: usize = 8 * 1024 * 1024;

/// Room that a reader makes before any of the payload has come, in bytes. Larger payloads get more as they arrive.
const FIRST_ROOM: usize = 8 * 1024;

/// Up to this many bytes, header and payload are copied together and leave in one `write_all`; more are not copied.
const ONE_WRITE: usize = 64 * 1024;

/// The payload of a frame, and what follows the frame.
pub type Split<'a> = (&'a [u8], &'a [u8]);

/// Splits `bytes`, which begin with a frame, into the payload of this frame and what follows it. `None` if the frame is
/// not whole. Both parts are borrowed.
///
/// ```
/// use common::framing::{Error, split_frame};
///
/// let mut rest = &b"\0\0\0\x02hi\0\0\0\0\0\0"[..];
/// let mut lengths = Vec::new();
/// while let Some((payload, behind)) = split_frame(rest, 1024)? {
///     lengths.push(payload.len());
///     rest = behind;
/// }
/// assert_eq!(lengths, [2, 0]);
/// assert_eq!(rest, b"\0\0");        // the beginning of a third frame
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
///
/// [`Error::TooLong`] if the header announces more than `maximum` bytes of payload.
#[inline]
pub fn split_frame(bytes: &[u8], maximum: usize) -> Result<Option<Split<'_>>, Error> {
    let Some((header, behind)) = bytes.split_first_chunk() else {
        return Ok(None);
    };
    Ok(behind.split_at_checked(announced(*header, maximum)?))
}

/// The whole frame of `payload`: header and payload in one piece.
///
/// # Errors
///
/// [`Error::TooLong`] if the payload has more than `maximum` bytes, or more than the header can say (2^32 - 1).
pub fn encode(payload: &[u8], maximum: usize) -> Result<Vec<u8>, Error> {
    let mut frame = Vec::new();
    encode_into(payload, maximum, &mut frame)?;
    Ok(frame)
}

/// Appends the whole frame of `payload` to `into`. If you clear and reuse one `Vec`, a frame costs no allocation once the
/// `Vec` is large enough; if you append many frames before you write it, they leave in one write.
///
/// ```
/// use common::framing::{Error, encode_into};
///
/// let mut wire = Vec::new();
/// encode_into(b"hi", 1024, &mut wire)?;
/// encode_into(b"", 1024, &mut wire)?;
/// assert_eq!(wire, b"\0\0\0\x02hi\0\0\0\0");
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
///
/// [`Error::TooLong`] as in [`encode`]; nothing has been appended then.
pub fn encode_into(payload: &[u8], maximum: usize, into: &mut Vec<u8>) -> Result<(), Error> {
    let header = header(payload.len(), maximum)?;
    into.reserve(HEADER + payload.len());
    into.extend_from_slice(&header);
    into.extend_from_slice(payload);
    Ok(())
}

/// Writes the frame of `payload`. A buffered writer still has to be flushed.
///
/// A frame of up to 64 KiB, header included, is copied and leaves in one `write_all`. The payload of a larger one is not
/// copied: header and payload are given to `write_vectored`, which to a socket is one call too (writev(2)).
///
/// # Errors
///
/// [`Error::TooLong`] as in [`encode`]; nothing has been written then. [`Error::Io`] from the writer: a part of the
/// frame may have left, so the stream is lost.
pub fn write_frame(writer: &mut impl Write, payload: &[u8], maximum: usize) -> Result<(), Error> {
    if payload.len() <= ONE_WRITE - HEADER {
        writer.write_all(&encode(payload, maximum)?)?;
    } else {
        let header = header(payload.len(), maximum)?;
        write_all_vectored(writer, &mut [IoSlice::new(&header), IoSlice::new(payload)])?;
    }
    Ok(())
}

/// Reads one frame, whole, and not one byte more, and returns its payload. `None` if the stream ends before the first
/// byte of the frame, which is the ordinary end. Waits as long as the reader waits. A read that a signal interrupted is
/// tried again (`EINTR`, signal(7)).
///
/// From a bare socket that takes a system call for the header and one or more for the payload. For many small frames use
/// [`Frames`], or put one `BufReader` around the socket and keep it as long as the connection: it holds bytes of the next
/// frames.
///
/// If your protocol needs a frame here, for example an answer, then `read_frame(..)?.ok_or(Error::Closed)?` makes an
/// error of the end.
///
/// # Errors
///
/// [`Error::Truncated`] if the stream ends inside the frame, [`Error::TooLong`] if more than `maximum` bytes of payload
/// are announced, else [`Error::Io`].
///
/// **After any error the stream is lost: close it.** The bytes read so far are gone. A read timeout (`WouldBlock` on
/// Unix, `TimedOut` on Windows) may have come in the middle of a frame, and a second call would read the next bytes as a
/// header. To continue after a timeout, use [`Frames`].
pub fn read_frame(reader: &mut impl Read, maximum: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut header = [0; HEADER];
    match read_header(reader, &mut header)? {
        0 => return Ok(None),
        HEADER => {}
        got => return Err(Error::Truncated { got, want: HEADER }),
    }
    let length = announced(header, maximum)?;
    let payload = read_up_to(reader, length)?;
    if payload.len() < length {
        return Err(Error::Truncated { got: HEADER + payload.len(), want: HEADER.saturating_add(length) });
    }
    Ok(Some(payload))
}

/// How many bytes of a header come before the stream ends: 4, if it does not end in the header.
fn read_header(reader: &mut impl Read, header: &mut [u8; HEADER]) -> io::Result<usize> {
    let mut got = 0;
    while got < HEADER {
        match read_once(reader, &mut header[got..])? {
            0 => break,
            more => got += more,
        }
    }
    Ok(got)
}

/// One read, tried again if a signal interrupted it.
fn read_once(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        #[allow(clippy::disallowed_methods, reason = "any part will do: the callers count, and keep it")]
        let read = reader.read(into);
        match read {
            Ok(got) if got > into.len() => {
                return Err(io::Error::other("the reader says that it read more than there was room for"));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Reads `count` bytes, or fewer if the stream ends before. The buffer grows as the bytes come.
fn read_up_to(reader: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(count.min(FIRST_ROOM));
    #[allow(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
    reader.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `Write::write_all_vectored`, which is not stable in std yet. The first of `slices` is not empty.
fn write_all_vectored(writer: &mut impl Write, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
    while !slices.is_empty() {
        match writer.write_vectored(slices) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut slices, written),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The header of a payload of this many bytes.
fn header(length: usize, maximum: usize) -> Result<[u8; HEADER], Error> {
    match u32::try_from(length) {
        Ok(announced) if length <= maximum => Ok(announced.to_be_bytes()),
        _ => Err(Error::TooLong { length: length as u64, maximum: maximum.min(u32::MAX as usize) }),
    }
}

/// The length that a header announces, if it is within `maximum`. Compared before it becomes a `usize`, which has 32
/// bits or even 16 on some machines.
#[inline]
fn announced(header: [u8; HEADER], maximum: usize) -> Result<usize, Error> {
    let length = u32::from_be_bytes(header);
    match usize::try_from(length) {
        Ok(length) if length <= maximum => Ok(length),
        _ => Err(Error::TooLong { length: length.into(), maximum }),
    }
}
