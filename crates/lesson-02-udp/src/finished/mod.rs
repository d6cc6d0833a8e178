//! The finished program: the time over UDP. A client sends each line as one datagram, the server sends it back behind the
//! time at which it came.
//!
//! # The wire
//!
//! A request is one datagram with any bytes in it, none at all included. The answer is one datagram: `[`, the local time
//! of the server as ctime(3) writes it without its newline (24 bytes), `]`, a blank, and the bytes of the request: 27
//! bytes more than the request. Port 23456.
//!
//! A datagram is not answered when answering it could begin a loop of two servers (see `guard.rs`), when its sender has
//! used up its answers for this second, or when the answer would be larger than a datagram can be. UDP has no way to
//! say so to the sender that is not another datagram, so only the log of the server does.
//!
//! ```text
//!   stamp.rs      the time before an answer
//!   guard.rs      which datagrams are better not answered
//!   server.rs     one datagram after the other; nothing that comes ends it
//!   client.rs     asks again when nothing comes, and knows its answer
//!   rehearsal.rs  the same program in the traps of the lesson
//! ```

use std::net::SocketAddr;

use lab::{Finished, Tool};

mod client;
mod guard;
mod rehearsal;
mod server;
mod stamp;

pub(crate) use rehearsal::{answered, finding, printed, rehearsal};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};

/// The most bytes that a datagram over IPv4 carries: 65,535 less the headers of IP (20) and UDP (8), RFC 768 and 791.
/// Over IPv6 it is 20 more, and some systems send less unless they are told otherwise (macOS: 9,216).
const LARGEST: usize = 65_507;

/// The program is for this machine: whoever can reach the server learns the time and can have datagrams sent to others.
fn is_local(addr: SocketAddr) -> bool {
    addr.ip().to_canonical().is_loopback()
}

/// Bytes of a stranger as text for a terminal: on one line, without control characters.
fn shown(bytes: &[u8]) -> String {
    let mut text = String::new();
    for c in String::from_utf8_lossy(bytes).chars() {
        if c.is_control() { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
