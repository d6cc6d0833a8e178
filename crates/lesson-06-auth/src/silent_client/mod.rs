//! `silent-client`: a stranger takes the challenge and does not answer; then comes a client that has the key.

use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, Side, Span, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "whatever the read gives, it is the end of the silence")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the challenge and of the digest.
const SIZE: usize = 32;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "silent-client",
    question: "How long does the server wait for an answer, and who waits with it?",
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
    stage.varying(&["challenge", "digest"]);
    stage.server()?;
    stage.relay([])?;
    stage.attack()?;
    let asked = |record: &Record| record.bytes(1, Way::ToClient).len() >= SIZE;
    stage.wait("the server sends its first client a challenge of 32 bytes", asked)?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

/// The silent client has connection 1, the one with the key connection 2.
fn judge(record: &Record) -> Finding {
    let came = record.bytes(2, Way::ToClient);
    if came.get(SIZE..) == Some(b"HELLO") {
        Finding::Held("a client was silent in its login, and the next one was served meanwhile".to_string())
    } else if came.is_empty() && record.hung(CLIENT).is_some() {
        Finding::Broke("a stranger said nothing, and nobody else was served".to_string())
    } else {
        Finding::Other("the client that has the key did not get the challenge and HELLO".to_string())
    }
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let mut attacker = stage.attacker()?;
    attacker.receive(GREETING);
    stage.keep(attacker);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["HELLO"]);
    finished::finding(served, "a client was silent in its login, and alice was served meanwhile")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = if way == Way::ToServer { "digest" } else { "challenge" };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, "text")];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
