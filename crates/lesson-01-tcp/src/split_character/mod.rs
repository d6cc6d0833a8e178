//! `split-character`: the relay cuts `é`, two bytes of UTF-8, in the middle.

use lab::{At, CLIENT, Check, Exit, Experiment, Finding, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished::{self, STAMP};

#[expect(clippy::disallowed_methods, reason = "a piece of text goes back at once, however much a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a loop over read that keeps the rest")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

const TYPED: &str = "café";
const ANSWER: &[u8] = "CAFÉ".as_bytes();
/// The answer when each half of the character was decoded for itself: U+FFFD twice, three bytes each.
const TORN: &[u8] = "CAF\u{FFFD}\u{FFFD}".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "split-character",
    question: "May I decode what one read gives?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[TYPED], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // c, a, f and the first byte of the last character; then its second.
    let halves = [Step::Send(At::Byte(4)), Step::Settle, Step::Send(At::Byte(5)), Step::Settle];
    stage.relay([Script::to_server(halves)])?;
    stage.client(&[TYPED])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the first byte of é waited for the second, and CAFÉ came back".to_string())
    } else if answer == TORN {
        Finding::Broke("each half of é was decoded for itself, and two replacement characters came back".to_string())
    } else if ANSWER.starts_with(&answer) {
        Finding::Broke("the server gave up at the first half of é".to_string())
    } else {
        Finding::Other("the answer to café is not CAFÉ in UTF-8".to_string())
    }
}

/// The finished server stamps every piece that comes, in the middle of a character too: bytes are all it knows.
fn judge_finished(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let (half, other) = TYPED.as_bytes().split_at(4);
    let cut = answer.len() == TYPED.len() + 2 * STAMP && answer[STAMP..].starts_with(half) && answer.ends_with(other);
    if cut && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("each half of é came back behind a stamp of its own, and the client took both".to_string())
    } else {
        Finding::Other("the bytes did not come back as they were sent, each piece behind a stamp".to_string())
    }
}
