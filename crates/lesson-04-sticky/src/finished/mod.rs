//! The finished program: short messages over TCP that arrive as they were sent. The server prints each message and sends
//! the same line back; the client sends each line of its standard input and compares what comes back.
//!
//! # The wire
//!
//! The client sends messages. A message is any bytes but the newline (0a), none at all included, and a newline ends it.
//! The server answers each message, in their order, with `-----> `, the message and a newline. When the client has
//! ended its stream, the server ends its own. A message that is too long, late, or cut off by the end of the stream is
//! not acknowledged: the answer is then `error: `, the reason and a newline, and the end of the stream.
//!
//! A sender that puts no newline after its messages is told so: the end of the stream ends no message, since the stream
//! of a sender that dies in the middle of a message ends in the same way.
//!
//! ```text
//!   lines.rs     cuts the stream into messages, however it comes
//!   server.rs    connections, limits, deadlines
//!   client.rs    sends while it reads
//! ```

use lab::{Finding, Finished, Record, Rehearsal, Tool};

mod client;
mod lines;
mod server;

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: server::options, run: server::run },
    connect: Tool { options: client::options, run: client::run },
};

/// The finished program in the play of an experiment whose client sends messages and whose server acknowledges them.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal { play: None, needs: &[], serve: &[], connect: &[], input, judge, dissect: lab::dissect_lines }
}

/// What stands before a message in its acknowledgement.
const ARROW: &[u8] = b"-----> ";
/// What stands before the reason for which the server ends the connection.
const ERROR: &[u8] = b"error: ";
/// No server accepts longer messages, bytes.
const LONGEST: usize = 1024 * 1024;

/// Bytes of a stranger as text for a terminal: on one line, without control characters.
fn shown(message: &[u8]) -> String {
    let mut text = String::new();
    for c in String::from_utf8_lossy(message).chars() {
        if c.is_control() { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text
}

fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
