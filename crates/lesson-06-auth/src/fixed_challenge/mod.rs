//! `fixed-challenge`: what was recorded of one login is said again.

use common::auth::REFUSAL;
use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, Side, Span, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "writes down whatever piece passes by")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "fixed-challenge",
    question: "May the server ask every client the same question?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
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
    let [recorded, repeated] = [2, 3].map(|connection| record.bytes(connection, Way::ToClient));
    if !recorded.ends_with(b"HELLO") {
        return Finding::Other("the client, who has the key, was not served".to_string());
    }
    match (repeated.strip_suffix(b"STOLEN"), repeated.len()) {
        (Some(challenge), _) if recorded.starts_with(challenge) => Finding::Broke(
            "the same challenge came twice, and the answer that was recorded the first time opened the door"
                .to_string(),
        ),
        (Some(_), _) => Finding::Broke("the answer to another challenge opened the door".to_string()),
        (None, 32) if !recorded.starts_with(&repeated) => {
            Finding::Held("the challenge was another one, and the recorded answer opened nothing".to_string())
        }
        (None, 32) => Finding::Other("the attacker was refused, but the challenge was the same".to_string()),
        (None, length) => Finding::Other(format!("the attacker got {length} bytes, which is not one challenge of 32")),
    }
}

/// The wire of the finished program is another one: the lab itself says again what it has recorded.
pub(crate) fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    let (recorded, greeting) = stage.record(|record| {
        let first = record.bytes(1, Way::ToClient);
        let length = lab::length_prefixed(&first).map_or(0, |extent| extent.header + extent.payload);
        (record.bytes(1, Way::ToServer), length)
    });
    let mut attacker = stage.attacker()?;
    attacker.receive(greeting);
    attacker.send(&recorded);
    attacker.receive_all(1024);
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    if !record.bytes(2, Way::ToClient).ends_with(&REFUSAL) {
        return Finding::Other("the recorded login was not refused".to_string());
    }
    finished::finding(finished::printed(record, &["HELLO"]), "the recorded login was refused the second time")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = bytes.len().min(32);
    let name = if way == Way::ToClient { "challenge" } else { "answer" };
    let mut spans = vec![Span { length: first, name: name.to_string() }];
    if bytes.len() > first {
        spans.push(Span { length: bytes.len() - first, name: "text".to_string() });
    }
    spans
}
