//! `one-late`: an answer is longer than the client's buffer.
//!
//! The relay cuts the first answer where the client's buffer ends, so that a client with a larger one that reads only once
//! is caught as well, and hands on each further answer when the client has done all that it does with the one before.

use std::time::Duration;

use lab::{At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Step, Way, What};

use crate::empty_message::{LABELLED, keeps_blanks, labelled, peer};
use crate::finished;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;

const LINES: &[&str] = &["good morning", "tea", "milk"];
const ANSWERS: &[u8] = b"echo: good morningecho: teaecho: milk";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-late",
    question: "Why do I get the answer to the question before?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: LABELLED,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(LINES, judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let cut = |places: &[usize]| -> Vec<Step> {
        places.iter().flat_map(|place| [Step::Send(At::Byte(*place)), Step::Settle]).collect()
    };
    let long = "x".repeat(1000);
    let pause = [Step::Send(At::Byte(8)), Step::Gate, Step::Pause(Duration::from_secs(1))];
    vec![
        labelled("the first answer cut after 16 bytes", LINES, cut(&[16, 18, 27])),
        labelled("the first byte of each answer alone", &["tea", "milk", "café"], cut(&[1, 9, 10, 19, 20, 30])),
        labelled("each answer in three pieces", &["good morning", "world"], cut(&[6, 17, 18, 23, 28, 29])),
        labelled("answers of 15, 16, 17 and 1006 bytes", &["123456789", "1234567890", "12345678901", &long], []),
        labelled("a pause of a second inside an answer", &["good morning", "tea"], pause),
        keeps_blanks(),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let answers = [16, 18, 27].map(|end| [Step::Send(At::Byte(end)), Step::Settle]).concat();
    stage.server()?;
    stage.relay([Script::to_client(answers)])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    if record.bytes(1, Way::ToServer) != b"good morningteamilk" {
        return Finding::Other("the client did not send its three lines as they are, without their ends".to_string());
    }
    if !record.exit(CLIENT).is_some_and(Exit::is_success) {
        return Finding::Other("the client did not end well".to_string());
    }
    if answers_before_the_end(record) < ANSWERS.len() {
        Finding::Broke(
            "a part of the first answer passed for all of it, and every later answer belonged to the line before"
                .to_string(),
        )
    } else {
        Finding::Held("each answer was read to its end, and the client left when it had the last one".to_string())
    }
}

/// How many bytes of answers there were when the client ended its stream.
fn answers_before_the_end(record: &Record) -> usize {
    let before = record.on(1).take_while(|event| event.what != What::Fin { way: Way::ToServer });
    let length = |what: &What| match what {
        What::Bytes { way: Way::ToClient, total, .. } => *total,
        _ => 0,
    };
    before.map(|event| length(&event.what)).sum()
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, LINES);
    finished::finding(whole, "each answer was read to its end, wherever it was cut")
}
