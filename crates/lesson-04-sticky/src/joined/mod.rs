//! `joined`: the relay hands two sends on together.

use lab::{CLIENT, Check, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes, and keeps the rest")]
mod fixed;
pub(crate) mod forms;

use forms::{TOGETHER, WIRE};

pub(crate) const INPUT: &[&str] = &["hello", "egg"];
pub(crate) const ANSWER: &[u8] = b"-----> hello\n-----> egg\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "joined",
    question: "Two sends: are they two reads?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    vec![
        forms::messages("both messages in one piece", INPUT, TOGETHER),
        forms::messages("a longer second message", &["hello", "omelette"], TOGETHER),
        forms::messages("three messages in one piece", &["one", "two", "h\u{e9}\u{20ac}llo"], TOGETHER),
        forms::more_than_one_read(false),
        forms::waits_for_each_answer(),
        forms::next_client(),
        forms::keeps_blanks(),
    ]
}

/// Both messages come in one read.
pub(crate) fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server(TOGETHER)])?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("both messages came in one read, and the newlines told them apart".to_string())
    } else if is_one_message(&answer) {
        Finding::Broke("two sends came in one read and passed for one message".to_string())
    } else {
        not_acknowledged(&answer)
    }
}

/// Whether the server took everything for one message.
pub(crate) fn is_one_message(answer: &[u8]) -> bool {
    let answer = String::from_utf8_lossy(answer);
    answer.matches("-----> ").count() == 1 && answer.contains("hello") && answer.contains("egg")
}

/// Any other answer.
pub(crate) fn not_acknowledged(answer: &[u8]) -> Finding {
    let answered = String::from_utf8_lossy(answer).matches("-----> ").count();
    Finding::Other(match answered {
        0 => "no message was acknowledged: each is to be answered with \"-----> \", the message and a newline"
            .to_string(),
        1 => "1 message was acknowledged, and not as it should be".to_string(),
        n => format!("{n} messages were acknowledged, and not as they should be"),
    })
}
