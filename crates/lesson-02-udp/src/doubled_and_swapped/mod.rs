//! `doubled-and-swapped`: of three lines the second is overtaken by the third, and the third comes twice.

use std::time::Duration;

use lab::{CLIENT, Check, Experiment, Fate, Fates, Finding, Record, Rehearsal, Role, Side, Stage, Way};

use crate::finished;

mod broken;
mod fixed;
mod peer;

const INPUT: &[&str] = &["roses", "are", "red"];
const TEXT: &[u8] = b"roses are red";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "doubled-and-swapped",
    question: "Do datagrams come once, and in order?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(INPUT, judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: vec![Fate::Pass, Fate::Swap, Fate::Double], to_client: Vec::new() })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    match &answers[..] {
        [] => Finding::Other("the server did not answer when it was asked for the text with \"all\"".to_string()),
        [text] if text == TEXT => Finding::Held(
            "two lines changed places and one came twice, and the text has each line once and in its place".to_string(),
        ),
        [text] if text == b"roses red red are" => Finding::Broke(
            "two lines changed places and one came twice, and so they stand in the text: roses red red are".to_string(),
        ),
        [_] => Finding::Other("the answer to \"all\" is not the text: the lines, with blanks between them".to_string()),
        _ => Finding::Other("the server answered more than the \"all\"".to_string()),
    }
}

/// The finished client has one question under way at a time, so it is answers that change places: the first one to `are`
/// is held back until the client has asked again, and comes behind the second one, which comes twice.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.patience(Duration::from_millis(700));
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Pass, Fate::Swap, Fate::Double] })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let came_twice = record.datagrams(1, Way::ToClient).len() > INPUT.len();
    let holds = came_twice && finished::printed(record, INPUT);
    finished::finding(holds, "an answer came late and one came twice, and each line was answered once and in order")
}
