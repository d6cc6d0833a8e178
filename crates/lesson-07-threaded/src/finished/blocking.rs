//! The handler for whoever has a thread, or a process, to itself: it waits in `read` for the client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use common::deadline::Deadline;

use super::conversation::{Conversation, Next, PIECE};
use super::ending::{End, Limits, Patience};
use super::wire::GREETING;

/// How long a client may take to accept its answers.
const ANSWERS: Duration = Duration::from_secs(10);

/// One conversation, from the greeting on: how many commands were answered, and why it is over. Nothing that a client
/// does is an error for the server.
///
/// To stop it, shut down the reading side of the socket: commands that are there already are still answered then.
pub(super) fn hold(stream: &TcpStream, limits: Limits, stopping: impl Fn() -> bool) -> (u64, End) {
    let mut conversation = Conversation::new(limits.lines);
    let end = talk(stream, &mut conversation, Patience::new(limits), stopping).unwrap_or_else(End::Broken);
    (conversation.commands(), end)
}

fn talk(
    stream: &TcpStream,
    conversation: &mut Conversation,
    mut patience: Patience,
    stopping: impl Fn() -> bool,
) -> io::Result<End> {
    // Answers are short and the client waits for them.
    stream.set_nodelay(true)?;
    let mut piece = [0; PIECE];
    let mut answers = GREETING.as_bytes().to_vec();
    loop {
        match Deadline::after(ANSWERS).over(stream).write_all(&answers) {
            Ok(()) => answers.clear(),
            Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(End::NotTaken),
            Err(error) => return Err(error),
        }
        #[expect(clippy::disallowed_methods, reason = "whatever one read gives is a piece")]
        let got = match Deadline::after(patience.left()).over(stream).read(&mut piece) {
            Ok(0) if stopping() => return Ok(End::Stopped),
            Ok(0) if conversation.in_a_line() => return Ok(End::InALine),
            Ok(0) => return Ok(End::Client),
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(patience.end()),
            Err(error) => return Err(error),
        };
        let next = conversation.feed(&piece[..got], &mut answers);
        if !answers.is_empty() {
            patience.renew();
        }
        let end = match next {
            Next::Read => continue,
            Next::Exit => End::Exit,
            Next::TooLong => End::TooLong,
        };
        Deadline::after(ANSWERS).over(stream).write_all(&answers)?;
        return Ok(end);
    }
}

/// A mistake in the handler costs its one client the connection and nobody else anything: no lock is held while a
/// conversation is held, so none is poisoned.
pub(super) fn guarded(conversation: impl FnOnce() -> (u64, End)) -> (u64, End) {
    catch_unwind(AssertUnwindSafe(conversation)).unwrap_or((0, End::Panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_end_of_one_conversation() {
        let (commands, end) = guarded(|| panic!("on purpose"));
        assert_eq!(
            super::super::ending::told(commands, &end),
            "had 0 commands answered, broken by a mistake in the server"
        );
    }
}
