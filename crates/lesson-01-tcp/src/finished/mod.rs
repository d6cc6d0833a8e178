//! The finished program: the time echo. A client sends a line, the server sends it back with the time in front of it.
//!
//! ```text
//!   wire.rs       what the two say to each other, byte by byte
//!   server.rs     several clients at the same time, limits, a stop that leaves nobody without an answer
//!   client.rs     lines from standard input, and for each byte sent its answer
//!   connect.rs    every address, each within a deadline, again and again with pauses
//!   rehearsal.rs  the same program in the traps of the lesson
//! ```

use lab::{Finished, Tool};

mod client;
mod connect;
mod rehearsal;
mod server;
mod wire;

pub(crate) use rehearsal::{finding, printed, printed_by, rehearsal, unstamped};
pub(crate) use wire::{PIECE, STAMP};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};
