//! `telling-errors`: a stranger logs in wrongly with one name after the other, and compares what the server says.

use common::auth::REFUSAL;
use lab::{Check, Experiment, Finding, Record, Rehearsal, Role, Side, Span, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "takes at most 1024 bytes of an answer")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the challenge and of the tag.
const SIZE: usize = 32;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;
/// The connections of the attacker with a name that has an account, and with one that has none.
const KNOWN: [usize; 2] = [4, 5];
const UNKNOWN: [usize; 4] = [2, 3, 6, 7];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "telling-errors",
    question: "What does a refused login tell a stranger?",
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

/// What the server said to one wrong login, and how it ended the connection: both are an answer.
fn answer(record: &Record, connection: usize) -> (Vec<u8>, bool) {
    let bytes = record.bytes(connection, Way::ToClient);
    (bytes.get(SIZE..).unwrap_or_default().to_vec(), record.reset(connection, Way::ToClient))
}

fn judge(record: &Record) -> Finding {
    let honest = record.bytes(1, Way::ToClient);
    if honest.get(SIZE..) != Some(b"welcome\nHELLO") {
        return Finding::Other("alice, who has her key, did not get a challenge, welcome and HELLO".to_string());
    }
    let let_in =
        |connection| record.bytes(connection, Way::ToClient).get(SIZE..).is_some_and(|it| it.starts_with(b"welcome"));
    if (2..=record.connections()).any(let_in) {
        return Finding::Other("somebody without a key was let in".to_string());
    }
    if record.connections() < 7 {
        return Finding::Other("the attacker could not try all six names".to_string());
    }
    let [known, unknown] =
        [&KNOWN[..], &UNKNOWN].map(|all| all.iter().map(|it| answer(record, *it)).collect::<Vec<_>>());
    let same = |answers: &[(Vec<u8>, bool)]| answers.iter().all(|answer| *answer == answers[0]);
    if !same(&unknown) {
        Finding::Other("four names that have no account did not get the same answer".to_string())
    } else if known[0] == unknown[0] && known[1] == unknown[0] {
        Finding::Held("a wrong key and an unknown name got the same answer: no name was learnt".to_string())
    } else if known.contains(&unknown[0]) {
        Finding::Other("one name that has an account was told apart, and another one was not".to_string())
    } else {
        Finding::Broke("the answers told a stranger which names have an account: alice and bob".to_string())
    }
}

/// On the wire of the finished program: a login with a made-up tag, for a name that it knows and for one that it does not.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    for name in ["alice", "mallory"] {
        let login = [b"SBF1\x02", &[name.len() as u8][..], name.as_bytes(), &[0; 2 * SIZE]].concat();
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&[&(login.len() as u32).to_be_bytes(), &login[..]].concat());
        attacker.receive_all(1024);
        stage.settle()?; // the server writes its log after it has answered
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = |connection| {
        record.bytes(connection, Way::ToClient).get(GREETING..) == Some(&REFUSAL)
            && !record.reset(connection, Way::ToClient)
    };
    if !finished::printed(record, &["HELLO"]) {
        Finding::Other("alice did not get her line back in capitals".to_string())
    } else if refused(2) && refused(3) {
        Finding::Held("a wrong key and an unknown name got the same refusal".to_string())
    } else {
        Finding::Other("a wrong key and an unknown name did not get the same refusal".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let span = |length: usize, name: &str| Span { length, name: name.to_string() };
    let mut spans = match (way, bytes.first()) {
        (Way::ToClient, _) => vec![span(bytes.len().min(SIZE), "challenge")],
        (Way::ToServer, None) => Vec::new(),
        (Way::ToServer, Some(length)) => {
            let name = usize::from(*length).min(bytes.len() - 1);
            vec![span(1, "length"), span(name, "name"), span((bytes.len() - 1 - name).min(SIZE), "tag")]
        }
    };
    let named: usize = spans.iter().map(|span| span.length).sum();
    spans.push(span(bytes.len() - named, "text"));
    spans.retain(|span| span.length > 0);
    spans
}
