//! The finished program: where am I seen from? The server tells each client, in one line, the address that it sees it come
//! from, what kind of address that is, and whether its list lets it in; then it closes. The client says nothing.
//!
//! ```text
//!   allow.rs     the list of networks, and addresses in the one form in which they are compared
//!   listen.rs    a listening socket of one family, or of both when told
//!   server.rs    several clients, a limit and a deadline, a stop that finishes what has begun
//!   client.rs    every address of a name in order, each with a deadline
//! ```

use lab::clap::Arg;
use lab::options;
use lab::{Finished, Tool};

mod allow;
mod client;
mod listen;
mod server;

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};

/// The last words of the answer to a client that the list lets in.
const WELCOME: &str = "welcome";
/// The longest answer, bytes, with its end of line.
const LONGEST_ANSWER: u64 = 256;

fn timeout_option(help: &'static str) -> Arg {
    options::time("timeout", "5", help)
}
