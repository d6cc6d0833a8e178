//! `password-in-clear`: a relay on the path writes the login down, and says it again.

use common::auth::REFUSAL;
use lab::{Check, Experiment, Finding, Record, Rehearsal, Side, Span, Stage, Way};

use crate::finished;
use crate::fixed_challenge;

#[expect(clippy::disallowed_methods, reason = "writes down whatever piece passes by")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod fixed;

const SECRET: &[u8] = b"only two programs know this key.";
/// The key of the finished program in rehearsals: 64 hexadecimal digits.
const ALICE: &str = include_str!("../../tests/keys/alice.key");
const PROMPT: &[u8] = b"password: ";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "password-in-clear",
    question: "Who hears the password on its way?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Either,
    play,
    judge,
    dissect,
    finished: Some(Rehearsal {
        play: Some(fixed_challenge::play_finished),
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "answer"]);
    stage.server()?;
    stage.relay([])?;
    let attacker = stage.attack()?;
    stage.clients_go_to(attacker)?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    stage.ends(attacker)
}

/// The client talks to the attacker, connection 1, and the attacker to the server, connections 2 and 3.
fn judge(record: &Record) -> Finding {
    let told = record.bytes(1, Way::ToServer).windows(SECRET.len()).any(|bytes| bytes == SECRET);
    let served = record.bytes(3, Way::ToClient).ends_with(b"STOLEN");
    match (told, served) {
        (true, true) => Finding::Broke("the secret crossed the wire, and whoever had heard it was served".to_string()),
        (true, false) => Finding::Broke("the secret crossed the wire, for everybody on the path to read".to_string()),
        (false, true) => Finding::Broke("what was heard of one login was good for another".to_string()),
        (false, false) if record.bytes(1, Way::ToClient).ends_with(b"HELLO") => Finding::Held(
            "the secret did not cross the wire, and what was heard of the login opened nothing".to_string(),
        ),
        (false, false) => Finding::Other("the client, who knows the secret, was not served".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told: String = record.bytes(1, Way::ToServer).iter().map(|byte| format!("{byte:02x}")).collect();
    if told.contains(ALICE.trim()) {
        return Finding::Other("the key crossed the wire".to_string());
    }
    if !record.bytes(2, Way::ToClient).ends_with(&REFUSAL) {
        return Finding::Other("the recorded login was not refused".to_string());
    }
    let how = "the key did not cross the wire, and what was heard of the login was refused";
    finished::finding(finished::printed(record, &["HELLO"]), how)
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (length, name) = match way {
        Way::ToClient if bytes.starts_with(PROMPT) => (PROMPT.len(), "prompt"),
        Way::ToClient => (32, "challenge"),
        Way::ToServer if bytes.starts_with(SECRET) => (32, "the secret itself"),
        Way::ToServer => (32, "answer"),
    };
    let first = bytes.len().min(length);
    let mut spans = vec![Span { length: first, name: name.to_string() }];
    if bytes.len() > first {
        spans.push(Span { length: bytes.len() - first, name: "text".to_string() });
    }
    spans
}
