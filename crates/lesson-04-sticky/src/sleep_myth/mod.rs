//! `sleep-myth`: the sender makes a pause after each send, and the relay hands two sends on together.

use lab::{Cast, Check, Experiment, Finding, Form, Record, Role, Side, Way};

use crate::finished;
use crate::joined::forms::{self, TOGETHER, cut_at};
use crate::joined::{ANSWER, INPUT, is_one_message, not_acknowledged, play};

#[expect(clippy::disallowed_methods, reason = "the pause and the single read are the mistake")]
mod broken;
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "sleep-myth",
    question: "Does a pause between two sends keep them apart?",
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

fn forms() -> Vec<Form> {
    vec![
        forms::messages("both messages in one piece", INPUT, TOGETHER),
        forms::messages("one message and a part of the next", &["one", "two"], cut_at([6])),
        forms::waits_for_each_answer(),
        forms::more_than_one_read(true),
        forms::keeps_blanks(),
    ]
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("both messages came in one read, and the newlines told them apart".to_string())
    } else if is_one_message(&answer) {
        // The pause is our broken client's.
        let pause = if record.cast == Cast::Broken { "in spite of the pause, " } else { "" };
        Finding::Broke(format!("{pause}two sends came in one read and passed for one message"))
    } else {
        not_acknowledged(&answer)
    }
}
