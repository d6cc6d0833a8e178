//! `divided`: one send of 9 bytes, and a reader that asks for 2 bytes and then for 10.

use lab::{CLIENT, Check, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Way};

use crate::finished;
use crate::joined::forms::{self, TOGETHER, cut_at};
use crate::joined::not_acknowledged;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes, and keeps the rest")]
mod fixed;

const INPUT: &[&str] = &["hello egg"];
const ANSWER: &[u8] = b"-----> hello egg\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "divided",
    question: "One send: is it one read?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: forms::WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

/// A program of one's own need not ask for 2 bytes first: the relay gives it no more than that.
fn forms() -> Vec<Form> {
    vec![
        forms::messages("the message cut after 2 bytes", INPUT, cut_at([2])),
        forms::messages("cut before its newline", INPUT, cut_at([9])),
        forms::messages("cut inside a character of two bytes", &["h\u{e9}llo"], cut_at([2])),
        forms::messages("one message and a part of the next", &["one", "two"], cut_at([6])),
        forms::more_than_one_read(true),
        forms::waits_for_each_answer(),
        forms::keeps_blanks(),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server(TOGETHER)])?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the message was put together again, however much one read gave".to_string())
    } else if answer.starts_with(b"-----> he\n") {
        Finding::Broke("one send of 9 bytes was read as two messages, of 2 bytes and of 7".to_string())
    } else {
        not_acknowledged(&answer)
    }
}
