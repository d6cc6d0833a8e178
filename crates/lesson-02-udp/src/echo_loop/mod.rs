//! `echo-loop`: one forged datagram, and two servers answer each other for ever.

use lab::{Check, Experiment, Finding, Record, Role, Side, Stage, Way, What};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// When the two servers have sent so many, the lab has seen enough.
const MOST: usize = 10;
const QUESTION: &[u8] = b"hello";
const ANSWER: &[u8] = b"[echo] hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "echo-loop",
    question: "Who ends a conversation in which both sides answer?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    let first = stage.server()?;
    let second = stage.another_server()?;
    stage.bridge(first, second, MOST)?;
    stage.forge(second, first, QUESTION)?;
    stage.settle()
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if cut_off(record) {
        Finding::Broke(format!(
            "one forged datagram, and two servers answer each other until the lab cuts them off after {MOST}"
        ))
    } else if answers.is_empty() {
        Finding::Other("the question was not answered at all, and it could have come from an honest client".to_string())
    } else if answers != [ANSWER] {
        Finding::Other("the answer to hello is not the one datagram [echo] hello".to_string())
    } else if quiet(record) {
        Finding::Held(
            "the forged question was answered, and the answer was not: after two datagrams all is quiet".to_string(),
        )
    } else {
        Finding::Other("the second server answered an answer".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    if quiet(record) && !cut_off(record) {
        Finding::Held("the time server answered the forged question, and its answer got no answer".to_string())
    } else {
        Finding::Other("the two time servers sent each other more than one question and its answer".to_string())
    }
}

/// Whether the servers went on until the lab handed nothing on any more.
fn cut_off(record: &Record) -> bool {
    record.events.iter().any(|event| matches!(event.what, What::Stalled { .. }))
}

/// Whether the forged question and its answer are all that there was.
fn quiet(record: &Record) -> bool {
    [Way::ToServer, Way::ToClient].iter().all(|way| record.datagrams(1, *way).len() == 1)
}
