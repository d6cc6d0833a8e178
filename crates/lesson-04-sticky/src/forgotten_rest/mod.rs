//! `forgotten-rest`: the relay hands two messages on together, each ended by its newline.

use lab::{Check, Experiment, Finding, Record, Role, Side, Way};

use crate::bigger_buffer_myth::peer;
use crate::finished;
use crate::joined::{ANSWER, INPUT, not_acknowledged, play};

#[expect(
    clippy::disallowed_methods,
    reason = "takes any part of the stream as it comes; what it does with the rest is the mistake"
)]
mod broken;
#[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes, and keeps the rest")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "forgotten-rest",
    question: "What came behind the newline?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("one read gave two messages; the second was kept until it was its turn".to_string())
    } else if answer == b"-----> hello\n" {
        Finding::Broke(
            "one read gave two messages; the second was thrown away, and nobody was told of an error".to_string(),
        )
    } else {
        not_acknowledged(&answer)
    }
}
