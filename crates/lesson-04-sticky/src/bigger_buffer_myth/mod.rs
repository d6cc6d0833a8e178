//! `bigger-buffer-myth`: the relay cuts a message in two, and the server has room for thousands of such messages.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished;
use crate::joined::forms::{self, cut_at};
use crate::joined::not_acknowledged;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;
pub(crate) mod peer;

const INPUT: &[&str] = &["hello egg"];
const ANSWER: &[u8] = b"-----> hello egg\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "bigger-buffer-myth",
    question: "Does a message come whole when the buffer is large enough?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

/// As everywhere in this lesson, but for the longest message.
const WIRE: &[&str] = &[
    "-> messages: 1 to 65,536 bytes of UTF-8 text, blanks included, each ended by a newline; in any pieces, several at once",
    forms::WIRE[1],
    forms::WIRE[2],
    forms::WIRE[3],
    forms::WIRE[4],
];

fn forms() -> Vec<Form> {
    let long = "x".repeat(20_000);
    let longest = "y".repeat(65_536);
    vec![
        forms::messages("the message cut after 3 bytes", INPUT, cut_at([3])),
        forms::messages("20,000 bytes, cut after 8192 and 16,384", &[&long], cut_at([8192, 16_384])),
        forms::messages("20,000 bytes, cut before the newline", &[&long], cut_at([20_000])),
        forms::messages("the longest message, and another", &[&longest, "egg"], cut_at([60_000])),
        forms::waits_for_each_answer(),
        forms::keeps_blanks(),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let pieces =
        [Step::Hold(At::StreamEnd), Step::Send(At::Byte(3)), Step::Settle, Step::Send(At::StreamEnd), Step::Settle];
    stage.relay([Script::to_server(pieces)])?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the message came in two pieces and was put together again at its newline".to_string())
    } else if answer.starts_with(b"-----> hel\n") {
        Finding::Broke(
            "the first 3 bytes of a message passed for a message, in a buffer with room for all of it".to_string(),
        )
    } else {
        not_acknowledged(&answer)
    }
}
