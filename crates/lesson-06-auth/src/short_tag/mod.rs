//! `short-tag`: an attacker without the key sends a tag of no bytes.

use lab::{Check, Experiment, Finding, Record, Rehearsal, Role, Side, Span, Stage, Way};

use crate::finished;

mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "short-tag",
    question: "How many bytes of a tag are compared?",
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
    stage.varying(&["challenge", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

fn judge(record: &Record) -> Finding {
    let [honest, forged] = [1, 2].map(|connection| record.bytes(connection, Way::ToClient));
    if honest.len() != 37 || !honest.ends_with(b"HELLO") {
        Finding::Other("the client with the key did not get the challenge of 32 bytes and HELLO".to_string())
    } else if forged.len() == 32 {
        Finding::Held("the whole tag of the client was taken, and a tag of 0 bytes was refused".to_string())
    } else if forged.ends_with(b"LET ME IN") {
        Finding::Broke("a tag of 0 bytes opened the server to somebody who does not have the key".to_string())
    } else {
        Finding::Other(format!(
            "the attacker got {} bytes: a challenge has 32, and nothing belongs behind it",
            forged.len()
        ))
    }
}

/// The wire of the finished program has no length for the tag, so here the message ends where the tag should begin.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    let mut attacker = stage.attacker()?;
    attacker.receive(GREETING);
    attacker.send(&[b"\0\0\0\x2bSBF1\x02\x05alice", &[0; 32][..]].concat());
    attacker.receive_all(1024);
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = record.bytes(2, Way::ToClient).get(GREETING..) == Some(b"\0\0\0\x05SBF1\x15");
    let served = finished::printed(record, &["HELLO"]);
    finished::finding(served && refused, "alice was served, and a login without a tag was refused")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let span = |length: usize, name: &str| Span { length, name: name.to_string() };
    let mut spans = match (way, bytes.first()) {
        (Way::ToClient, _) => vec![span(bytes.len().min(32), "challenge")],
        (Way::ToServer, None) => Vec::new(),
        (Way::ToServer, Some(length)) => {
            let tag = usize::from(*length).min(bytes.len() - 1);
            vec![span(1, &format!("length {length}")), span(tag, "tag")]
        }
    };
    spans.retain(|span| span.length > 0);
    let named: usize = spans.iter().map(|span| span.length).sum();
    if named < bytes.len() {
        spans.push(span(bytes.len() - named, "text"));
    }
    spans
}
