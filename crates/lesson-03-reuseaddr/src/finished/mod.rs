//! The finished program: one hello. A client says `hello!` (6 bytes), the server answers `hi` (2 bytes) and closes first.
//!
//! ```text
//!   listen.rs    a listening socket that can be opened again at once
//!   server.rs    several clients, a limit and a deadline for each, a stop that finishes what has begun
//!   client.rs    one greeting, within a deadline
//! ```

use lab::clap::Arg;
use lab::options;
use lab::{Finished, Tool};

mod client;
mod listen;
mod server;

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};

/// What a client says. Both messages have a fixed length, so neither needs a frame.
const HELLO: &[u8; 6] = b"hello!";
/// What it is answered.
const HI: &[u8; 2] = b"hi";

fn timeout_option(help: &'static str) -> Arg {
    options::time("timeout", "5", help)
}
