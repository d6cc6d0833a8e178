//! `big-before-login`: a stranger sends 16 MiB where a digest of 32 bytes belongs.

use common::auth::REFUSAL;
use lab::{At, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Span, Stage, Step, Way, What};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "waits for the end, whatever comes before it")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod fixed;
mod peer;

/// Bytes of the challenge.
const CHALLENGE: usize = 32;
/// Bytes of the length before a payload.
const HEADER: usize = 4;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;
const MIB: u64 = 1024 * 1024;
/// What the attacker announces and sends.
const ANNOUNCED: u32 = 16 * 1024 * 1024;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "big-before-login",
    question: "How much may somebody send who has not logged in?",
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

/// The server can act on the length alone, and then on one byte more, before the rest comes: how much a server that
/// closes was sent is the same in every run.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "digest"]);
    let server = stage.server()?;
    let steps = [Step::Send(At::Byte(HEADER)), Step::Settle, Step::Send(At::Byte(HEADER + 1)), Step::Settle];
    stage.relay([Script::open(), Script::to_server(steps)])?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    stage.settle()?;
    let before = stage.memory(server);
    let attacker = stage.attack()?;
    stage.ends(attacker)?;
    stage.settle()?;
    if let (Some(before), Some(now)) = (before, stage.memory(server)) {
        // The kernel counts resident pages in batches: it may be some hundreds of KiB behind, and its peak may fall.
        let grown = match now.resident.saturating_sub(before.resident) / MIB {
            0 => "less than 1 MiB".to_string(),
            15.. => "as much as the stranger sent".to_string(),
            some => format!("{some} MiB"),
        };
        stage.fact(server, format!("the server's memory grew by {grown}"));
    }
    Ok(())
}

/// How many bytes of the attacker were handed on to the server.
fn handed_on(record: &Record) -> usize {
    let size = |what: &What| match what {
        What::Bytes { way: Way::ToServer, total, .. } => *total,
        _ => 0,
    };
    record.on(2).map(|event| size(&event.what)).sum()
}

fn judge(record: &Record) -> Finding {
    let honest = record.bytes(1, Way::ToClient);
    if honest.get(CHALLENGE..) != Some(b"\0\0\0\x05HELLO") {
        Finding::Other("the client with the key did not get the challenge of 32 bytes and HELLO".to_string())
    } else if record.bytes(2, Way::ToClient).len() > CHALLENGE {
        Finding::Other("the attacker was sent more than the challenge, and does not have the key".to_string())
    } else if handed_on(record) >= HEADER + ANNOUNCED as usize {
        Finding::Broke("a stranger without a key had the server take 16 MiB, in place of 32 bytes".to_string())
    } else if handed_on(record) <= HEADER + 1 {
        Finding::Held(
            "the length was too long for a login, and the connection ended before anything followed".to_string(),
        )
    } else {
        Finding::Other("the server took more than a length from the stranger before it closed".to_string())
    }
}

/// On the wire of the finished program the frame of a login has at most 256 bytes.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    for length in [ANNOUNCED, 257] {
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&length.to_be_bytes());
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
        Finding::Held("the lengths of 16 MiB and of 257 bytes were refused before anything followed".to_string())
    } else {
        Finding::Other("the server did not refuse a login that is longer than any login".to_string())
    }
}

/// The challenge, then frames; the first of the client is the digest.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (challenge, frames) = bytes.split_at(if way == Way::ToClient { bytes.len().min(CHALLENGE) } else { 0 });
    let mut spans = vec![Span { length: challenge.len(), name: "challenge".to_string() }];
    spans.extend(lab::dissect_frames(way, frames));
    if way == Way::ToServer && spans.len() > 2 && spans[2].length == CHALLENGE {
        spans[2].name = "digest".to_string();
    }
    spans.retain(|span| span.length > 0);
    spans
}
