//! `lost-reply`: the network loses the answer to the first question.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Exit, Experiment, Fate, Fates, Finding, Record, Role, Side, Stage, Way};

use crate::finished;

mod broken;
mod fixed;
mod peer;

const INPUT: &[&str] = &["hello", "egg"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-reply",
    question: "What does a client do when no answer comes?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(INPUT, judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    // The longest wait of the clients here is their second one; a program of one's own may wait as RFC 8085 says.
    stage.patience(Duration::from_millis(if matches!(stage.cast(), Cast::Yours(_)) { 6000 } else { 700 }));
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Drop] })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let questions = record.datagrams(1, Way::ToServer);
    let ended_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    match &questions[..] {
        [] => Finding::Other("the client asked nothing".to_string()),
        [_] if record.hung(CLIENT).is_some() => {
            Finding::Broke("the answer was lost, nobody said so, and the client waits for it for ever".to_string())
        }
        [_] => Finding::Other(
            "the client gave up after one lost answer: it has to send its question again, the same bytes".to_string(),
        ),
        [first, again, ..] if first != again => Finding::Other(
            "the client went on without an answer: it has to send its question again, the same bytes".to_string(),
        ),
        [_, _] => Finding::Other("the second question was never asked".to_string()),
        [_, again, more @ ..] if ended_well && more.iter().any(|question| question != again) => Finding::Held(
            "the answer was lost, the client asked again after a while, and both questions were answered".to_string(),
        ),
        _ => Finding::Other("the client asked again and did not end well".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let again = record.datagrams(1, Way::ToServer).iter().filter(|question| *question == b"hello").count() > 1;
    let printed = finished::printed(record, INPUT);
    finished::finding(again && printed, "the answer was lost, the client asked again, and each line came back once")
}
