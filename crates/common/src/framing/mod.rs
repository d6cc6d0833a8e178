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
//! A blocking program needs [`read_frame`] and [`write_frame`] only:
//!
//! ```
//! use common::framing::{DEFAULT_MAXIMUM, Error, read_frame, write_frame};
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
//! assert_eq!(read_frame(&mut server, DEFAULT_MAXIMUM)?, b"hello");
//! assert_eq!(read_frame(&mut server, DEFAULT_MAXIMUM)?, b"");
//! assert!(matches!(read_frame(&mut server, DEFAULT_MAXIMUM), Err(Error::Closed)));
//! # Ok(())
//! # }
//! ```
//!
//! A program that must not wait for the rest of a frame (many clients in one thread, read timeouts, async) keeps one
//! [`Decoder`] a connection and feeds it whatever arrives.

use std::io::{Read, Write};

use byteorder::{BigEndian, ByteOrder, WriteBytesExt};

mod decoder;
mod error;
pub mod json;

pub use decoder::Decoder;
pub use error::Error;

/// Size of the header in bytes.
pub const HEADER: usize = 4;

/// A maximum for programs without a reason for another: 8 MiB of payload. Before a client has proved who it is, a far
/// smaller one is wise.
pub const DEFAULT_MAXIMUM: usize = 8 * 1024 * 1024;

/// Room that a reader makes before any of the payload has come, in bytes. Larger payloads get more as they arrive.
const FIRST_ROOM: usize = 8 * 1024;

/// The whole frame of `payload`: header and payload in one piece.
///
/// # Errors
///
/// [`Error::TooLong`] if the payload has more than `maximum` bytes, or more than the header can say (2^32 - 1).
pub fn encode(payload: &[u8], maximum: usize) -> Result<Vec<u8>, Error> {
    let length = match u32::try_from(payload.len()) {
        Ok(length) if payload.len() <= maximum => length,
        _ => {
            return Err(Error::TooLong { length: payload.len() as u64, maximum: maximum.min(u32::MAX as usize) });
        }
    };
    let mut frame = Vec::with_capacity(HEADER + payload.len());
    frame.write_u32::<BigEndian>(length)?;
    frame.extend_from_slice(payload);
    Ok(frame)
}

/// Writes the frame of `payload` with one `write_all`. A buffered writer still has to be flushed.
///
/// # Errors
///
/// [`Error::TooLong`] as in [`encode`]; nothing has been written then. [`Error::Io`] from the writer: a part of the
/// frame may have left, so the stream is lost.
pub fn write_frame(writer: &mut impl Write, payload: &[u8], maximum: usize) -> Result<(), Error> {
    writer.write_all(&encode(payload, maximum)?)?;
    Ok(())
}

/// Reads one frame, whole, and not one byte more, and returns its payload. Waits as long as the reader waits. A read
/// that a signal interrupted is tried again (`EINTR`, signal(7)).
///
/// From a bare socket that takes a system call for the header and one or more for the payload. For many small frames
/// put one `BufReader` around the socket and keep it as long as the connection: it holds bytes of the next frames.
///
/// # Errors
///
/// [`Error::Closed`] if the stream ends before the first byte of the frame, [`Error::Truncated`] if it ends later,
/// [`Error::TooLong`] if more than `maximum` bytes of payload are announced, else [`Error::Io`].
///
/// **After any error the stream is lost: close it.** The bytes read so far are gone. A read timeout (`WouldBlock` on
/// Unix, `TimedOut` on Windows) may have come in the middle of a frame, and a second call would take the next bytes for
/// a header. Who wants to go on after a timeout keeps a [`Decoder`].
pub fn read_frame(reader: &mut impl Read, maximum: usize) -> Result<Vec<u8>, Error> {
    let header = read_up_to(reader, HEADER)?;
    match header.len() {
        0 => return Err(Error::Closed),
        HEADER => {}
        got => return Err(Error::Truncated { got, want: HEADER }),
    }
    let length = announced(&header, maximum)?;
    let payload = read_up_to(reader, length)?;
    if payload.len() < length {
        return Err(Error::Truncated { got: HEADER + payload.len(), want: HEADER.saturating_add(length) });
    }
    Ok(payload)
}

/// Reads `count` bytes, or fewer if the stream ends before. The buffer grows as the bytes come.
fn read_up_to(reader: &mut impl Read, count: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(count.min(FIRST_ROOM));
    #[expect(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
    reader.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The length that a header of 4 bytes announces, if it is within `maximum`. Compared before it becomes a `usize`,
/// which has 32 bits or even 16 on some machines.
fn announced(header: &[u8], maximum: usize) -> Result<usize, Error> {
    let length = BigEndian::read_u32(header);
    match usize::try_from(length) {
        Ok(length) if length <= maximum => Ok(length),
        _ => Err(Error::TooLong { length: length.into(), maximum }),
    }
}
