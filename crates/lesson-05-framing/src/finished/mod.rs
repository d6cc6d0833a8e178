//! The finished program: remote command. A client names a program and its arguments, the server runs it and sends back
//! what it wrote on its standard output and standard error, byte for byte, and how it ended.
//!
//! ```text
//!   wire.rs       what the two say to each other, byte by byte
//!   server.rs     connections, limits, who may run what, the replies that are kept
//!   child.rs      one command: both its outputs read at once, ended when it must end
//!   spool.rs      output that is too long for memory
//!   client.rs     command lines from standard input, or one command and its exit status
//!   rehearsal.rs  the same program in the traps of the lesson
//! ```

use lab::{Finished, Tool};

mod child;
mod client;
mod rehearsal;
mod server;
mod spool;
mod wire;

pub(crate) use rehearsal::{Reply, finding, printed, rehearsal, replies};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};
