//! The finished program: an upper-case echo that serves only who has logged in (`common::auth`).
//!
//! ```text
//!   keys.rs       where each side has its keys from; `keygen`
//!   server.rs     login and echo for several clients at the same time, limits, a stop that every client is told of
//!   places.rs     who is being served, how many may be, and until when
//!   client.rs     lines from standard input, and for each its answer
//!   rehearsal.rs  the same program in the traps of the lesson
//! ```
//!
//! For every piece that the server reads it sends the same number of bytes, with a-z as A-Z. Nothing is secret: see
//! `common::auth` for what a login gives and what not.

use lab::{Finished, Tool};

mod client;
mod keys;
mod places;
mod rehearsal;
mod server;

pub(crate) use keys::KEYGEN;
pub(crate) use rehearsal::{finding, printed, rehearsal};

/// What a login is for: a key that opens another service does not open this one.
const SERVICE: &str = "upper-case echo";

/// The most bytes that are sent before their answer is awaited.
const PIECE: usize = 1024;

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};
