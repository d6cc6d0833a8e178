//! The finished program: the menu, in several forms that share one handler.
//!
//! ```text
//!   wire.rs          what the two say to each other, byte by byte
//!   conversation.rs  one conversation, whoever reads and writes for it: no socket, no thread, no clock
//!   ending.rs        when a conversation is over, and why
//!   blocking.rs      the handler for whoever has a thread or a process to itself
//!
//!   server.rs        options, door and the form that was chosen; `serial` is there
//!   shared.rs        what all forms share
//!   threads.rs       a thread for each client
//!   pool.rs          a few workers for everybody, and one thread that waits for all who say nothing
//!   turn.rs          the handler for its workers: it never waits
//!   queue.rs         a bounded queue between threads
//!   processes.rs     a process for each client (Unix)
//!   converse.rs      what such a process does
//!
//!   listen.rs        the door: errors of accept that are about one client, and those that are about this machine
//!   places.rs        how many clients there are, how many may be, and how they are stopped
//!   parting.rs       the end of a connection, so that the client reads what it was sent
//!
//!   client.rs        lines from standard input, and for each its answer
//!   options.rs       the options of whoever serves
//!   rehearsal.rs     the same program in the traps of the lesson
//! ```

use lab::{Finished, Tool};

mod blocking;
mod client;
mod conversation;
mod converse;
mod ending;
mod listen;
mod options;
mod parting;
mod places;
mod pool;
#[cfg(unix)]
mod processes;
mod queue;
mod rehearsal;
mod server;
mod shared;
mod threads;
mod turn;
mod wire;

pub(crate) use converse::CONVERSE;
pub(crate) use rehearsal::{finding, printed, printed_by, rehearsal};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};
