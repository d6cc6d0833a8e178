//! A login for two programs that share a key, and a channel on which nobody else can change, add, drop or repeat anything
//! unnoticed.
//!
//! **It gives:** each side knows that the other one has the key, for this service and on this connection. Every byte
//! delivered afterwards came from the other side, in order, none missing; so did the end of the stream.
//!
//! **It does not give:** secrecy: everyone on the path reads all of it, the identity too. Forward secrecy: who gets the
//! key later can check, and could have forged, everything recorded. Protection from a reset, from delay, or from a
//! refusal that somebody else made up. A relay may still carry the connection, and two servers with the same service
//! name and the same key are one server to it: it has no keys, so carrying is all that it can do. If you need secrecy, use
//! TLS.
//!
//! **A peer that is client and server under one key** can be led to itself (*Selfie*, RFC 9257, section 4): somebody on the
//! path carries the connection that was meant for the other peer to the peer's own server, and both proofs are right. Within
//! one connection the roles have keys of their own, so nothing can be reflected; but which of the two holders of the key
//! is at the other end, this login cannot tell. Give each direction a key of its own, or each peer's server a service name
//! of its own.
//!
//! ```text
//!    client                                                                server
//!      |   M1   "SBF1" 01 | n | service | 32 bytes nonce_s                    |
//!      | <-------------------------------------------------------------------- |
//!      |   M2   "SBF1" 02 | n | identity | 32 bytes nonce_c | 32 bytes tag_c   |
//!      | --------------------------------------------------------------------> |  verifies tag_c
//!      |   M3   "SBF1" 03 | 32 bytes tag_s        or a refusal:  "SBF1" 15     |
//!      | <-------------------------------------------------------------------- |
//!      |  verifies tag_s                                                       |
//!      |   records, each way:  00 | payload | 32 bytes tag                     |
//!      |                       01 | 32 bytes tag, the end, then FIN            |
//! ```
//!
//! Each message and each record is one [frame](crate::framing); n is one byte, from 1 to [`SERVICE_MAXIMUM`] (32) for a
//! service and to [`IDENTITY_MAXIMUM`] (64) for an identity. The specification, byte by byte and with golden values, is
//! `docs/auth-protocol.md` of the course that this crate comes from. The shape is the three-pass mutual authentication of
//! ISO/IEC 9798-4. The rules, and where they come from:
//!
//! * A tag is HMAC-SHA-256 (RFC 2104), 32 bytes, compared whole and in constant time; never a shortened one.
//! * The key never makes a tag itself. HKDF (RFC 5869) makes one key from it for each use: one for each side's proof and
//!   one for each direction. So no proof can be sent back to who made it (reflection).
//! * The transcript, SHA-256 over M1 and over M2 without its tag, each behind its length, goes into every derived key
//!   (RFC 8446, section 4.4.1). It holds a fresh nonce of each side, from the operating system's generator, so nothing
//!   recorded is of use again (replay); and the names, so a login cannot be carried over to another one.
//! * The client checks the service before it answers. The server proves nothing before the client has.
//! * Before login a message has at most [`LOGIN_MAXIMUM`] bytes, and there is one deadline for the whole login.
//! * To the peer every failure looks the same; an unknown identity takes the same way as a wrong key, and as one with two
//!   keys ([`Keyring`]). A refusal in place of M1 can only mean that the server is full ([`Error::Busy`]).
//! * A record's tag covers its number, its length and its type (RFC 4253, section 6.4; RFC 5246, section 6.2.3.1). The
//!   end is a record, for a FIN can be made by anybody on the path (close_notify, RFC 8446, section 6.1).
//!
//! One key belongs to one identity: with one key for all, every client could play the server. A server must also cap the
//! connections that have not logged in yet (sshd's MaxStartups), and must not let one login hold up the next accept.
//!
//! ```
//! use common::auth::{Channel, Key, LOGIN_TIME};
//! use common::deadline::Deadline;
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = Key::generate()?;                                // both sides have it, in a file
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let addr = listener.local_addr()?;
//!
//! let same = key.clone();
//! let server = std::thread::spawn(move || -> std::io::Result<String> {
//!     let (stream, _) = listener.accept()?;
//!     let key_of = |identity: &str| (identity == "alice").then(|| same.clone());
//!     let mut channel = Channel::accept(stream, "greeter", key_of, &Deadline::after(LOGIN_TIME))?;
//!     let mut text = String::new();
//!     (&mut channel).take(1024).read_to_string(&mut text)?;  // to the authenticated end, or an error
//!     channel.finish()?;
//!     Ok(format!("{} says {text}", channel.identity()))
//! });
//!
//! let stream = TcpStream::connect(addr)?;
//! let mut channel = Channel::connect(stream, "greeter", "alice", &key, &Deadline::after(LOGIN_TIME))?;
//! channel.write_all(b"hello")?;
//! channel.finish()?;
//! assert_eq!(channel.read(&mut [0; 16])?, 0);
//! assert_eq!(server.join().unwrap()?, "alice says hello");
//! # Ok(())
//! # }
//! ```
//!
//! The [`Channel`] runs on any [`Transport`], and gathers what is written until it is flushed or a read has to wait.
//!
//! A program with its own way of waiting (many clients in one thread, async) uses what is below the [`Channel`]:
//! [`Server`], [`Client`] and the [`Session`] that they give touch no socket. The server learns the identity first and
//! hands in the key when it has it.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;

mod channel;
mod error;
mod handshake;
mod key;
mod record;
#[cfg(test)]
mod tests;
mod transport;

pub use channel::{Channel, Parts, ReadHalf, WriteHalf};
pub use error::Error;
pub use handshake::{Client, IDENTITY_MAXIMUM, LOGIN_MAXIMUM, REFUSAL, SERVICE_MAXIMUM, Server, Session, Step};
pub use key::{Key, KeyText, Keyring, Lookup};
pub use record::{RECORD_MAXIMUM, Record, RecordDecoder, RecordEncoder};
pub use transport::Transport;

/// How long a whole login may take, unless there is a reason for another time. The [`Deadline`](crate::deadline::Deadline)
/// is made right after `accept`, so that waiting for a thread counts too.
pub const LOGIN_TIME: Duration = Duration::from_secs(5);

/// Size of a tag in bytes: the whole output of HMAC-SHA-256.
pub const TAG: usize = 32;

type HmacSha256 = Hmac<Sha256>;

/// HMAC with its key, before any data.
fn keyed(key: &[u8]) -> Result<HmacSha256, Error> {
    HmacSha256::new_from_slice(key).map_err(std::io::Error::other).map_err(Error::Io)
}

/// The tag of all parts, one behind the other. What must be told apart needs its length among the parts.
fn tag(key: &HmacSha256, parts: &[&[u8]]) -> [u8; TAG] {
    fed(key, parts).finalize().into_bytes().into()
}

/// Whether `tag` is the whole tag of all parts; takes as long for a wrong one as for the right one.
fn verify(key: &HmacSha256, parts: &[&[u8]], tag: &[u8]) -> bool {
    fed(key, parts).verify_slice(tag).is_ok()
}

fn fed(key: &HmacSha256, parts: &[&[u8]]) -> HmacSha256 {
    let mut mac = key.clone();
    parts.iter().for_each(|part| mac.update(part));
    mac
}

/// 32 bytes from the operating system's generator.
fn fill_random(bytes: &mut [u8; 32]) -> Result<(), Error> {
    SysRng.try_fill_bytes(bytes).map_err(|error| Error::Io(std::io::Error::other(error)))
}
