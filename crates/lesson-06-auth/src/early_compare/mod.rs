//! `early-compare`: an attacker finds a tag byte by byte, since the server tells how far it had to compare.

use common::auth::{Client, Key, REFUSAL};
use lab::{At, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;

mod attacker;
#[expect(clippy::disallowed_methods, reason = "one byte, or none at the end of the stream")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "one byte, or none at the end of the stream")]
mod fixed;
mod peer;

const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");
/// Bytes of a tag.
const TAG: usize = 32;
/// Bytes of the finished program's login of `alice`; the last 32 are its tag.
const LOGIN: usize = 4 + 75;
/// Bytes of the first message of its server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "early-compare",
    question: "When does the server stop comparing?",
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

/// The guesses of one connection are handed on all at once, and so are the answers to them.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let whole = || [Step::Hold(At::StreamEnd)];
    let mut scripts = vec![Script::to_server(whole()).and(Way::ToClient, whole()); 1 + TAG];
    scripts[0] = Script::open();
    stage.relay(scripts)?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

fn judge(record: &Record) -> Finding {
    let done = |connection: usize| {
        let answers = record.bytes(connection, Way::ToClient);
        answers.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"done"))
    };
    if !done(1) {
        Finding::Other("the order of the client with the key was not done".to_string())
    } else if !(2..=record.connections()).any(done) {
        Finding::Held("every wrong tag made the same work, and none was found".to_string())
    } else if record.connections() == 1 + TAG {
        Finding::Broke("8192 guesses found a tag of 32 bytes: the work told when one more byte was right".to_string())
    } else {
        Finding::Other("a tag was taken that was not right yet".to_string())
    }
}

/// A right login, with one bit of its tag turned round: in the first byte, then in the last one.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    let key = Key::from_file(ALICE)?;
    for at in [LOGIN - TAG, LOGIN - 1] {
        let mut attacker = stage.attacker()?;
        let greeting = attacker.receive(GREETING);
        let mut login = Client::new("upper-case echo", "alice", &key)?.feed(&greeting)?.send;
        login[at] ^= 1;
        attacker.send(&login);
        attacker.receive_all(1024);
        stage.settle()?; // the server writes its log after it has answered
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = |connection| record.bytes(connection, Way::ToClient).get(GREETING..) == Some(&REFUSAL);
    if !finished::printed(record, &["HELLO"]) {
        Finding::Other("alice did not get her line back in capitals".to_string())
    } else if refused(2) && refused(3) {
        Finding::Held("a tag wrong in its first byte and one wrong in its last got the same refusal".to_string())
    } else {
        Finding::Other("two wrong tags did not get the same refusal".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToClient {
        return lab::dissect_lines(way, bytes);
    }
    let mut spans = Vec::new();
    let mut left = bytes.len();
    while left > 0 {
        let order = bytes[bytes.len() - left].into();
        for (length, name) in [(1, "length"), (order, "order"), (TAG, "tag")] {
            let length = left.min(length);
            left -= length;
            spans.push(Span { length, name: name.to_string() });
        }
    }
    spans.retain(|span| span.length > 0);
    spans
}
