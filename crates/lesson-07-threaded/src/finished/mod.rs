//! The finished program: the menu, in several forms that share one handler.
//!
//! ```text
//!   wire.rs          what the two say to each other, byte by byte
//!   conversation.rs  one conversation, whoever reads and writes for it: no socket, no thread, no clock
//!   ending.rs        when a conversation is over, and why
//!   blocking.rs      the handler for whoever has a thread or a process to itself
//!
//!   server.rs        options and the form that was chosen; `serial` and `threads` are there
//!   shared.rs        what all forms share
//!   pool.rs          a few workers for everybody, and one thread that waits for all who say nothing
//!   turn.rs          the handler for its workers: it never waits
//!   queue.rs         a bounded queue between threads
//!   processes.rs     a process for each client (Unix)
//!   converse.rs      what such a process does
//!
//!   parting.rs       the end of a connection, so that the client reads what it was sent, for all of them in one thread
//!
//!   client.rs        lines from standard input, and for each its answer
//!   options.rs       the options of whoever serves
//!   rehearsal.rs     the same program in the traps of the lesson
//! ```
//!
//! The frame around it, from the listening socket to the log, is `common::server`.

use lab::{Finished, Tool};

mod blocking;
mod client;
mod conversation;
mod converse;
mod ending;
mod options;
mod parting;
mod pool;
#[cfg(unix)]
mod processes;
mod queue;
mod rehearsal;
mod server;
mod shared;
mod turn;
mod wire;

pub(crate) use converse::CONVERSE;
pub(crate) use rehearsal::{finding, printed, printed_by, rehearsal};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};
