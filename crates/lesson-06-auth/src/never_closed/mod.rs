//! `never-closed`: three logins fail; does the server close these connections?

use lab::kernel::{Socket, State};
use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Span, Stage, Way};

use crate::finished;

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
/// The connections of the attacker; the client has the first one.
const REFUSED: [usize; 3] = [2, 3, 4];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "never-closed",
    question: "The login was refused. Who closes the connection?",
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
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)?;
    let port = stage.address()?.port();
    if let Some(sockets) = stage.sockets() {
        let left = |socket: &&Socket| socket.local.port() == port && socket.state == State::CloseWait;
        let count = sockets.iter().filter(left).count();
        let fact = match count {
            0 => "has no connection in CLOSE-WAIT".to_string(),
            _ => format!("has {count} of its connections in CLOSE-WAIT: the client has ended, the server has not"),
        };
        stage.fact(SERVER, fact);
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let open = |connection: &usize| !ended(record, *connection);
    if record.bytes(1, Way::ToClient).get(SIZE..) != Some(b"HELLO") {
        Finding::Other("the client that has the key did not get the challenge and HELLO".to_string())
    } else if REFUSED.iter().any(|connection| record.bytes(*connection, Way::ToClient).len() < SIZE) {
        Finding::Other("the attacker did not get its three challenges".to_string())
    } else if REFUSED.iter().any(open) {
        Finding::Broke(
            "logins were refused, and the connections stayed open: each costs the server a descriptor for good"
                .to_string(),
        )
    } else {
        Finding::Held("the server closed every connection that it had refused".to_string())
    }
}

/// Whether the server has ended this connection.
fn ended(record: &Record, connection: usize) -> bool {
    record.fin(connection, Way::ToClient) || record.reset(connection, Way::ToClient)
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    for _ in REFUSED {
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&[b"\0\0\0\x4bSBF1\x02\x05alice", &[0; 64][..]].concat());
        attacker.half_close();
        attacker.receive_all(1024);
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["HELLO"]);
    let refused = |connection: &usize| {
        let told = record.bytes(*connection, Way::ToClient).get(GREETING..) == Some(b"\0\0\0\x05SBF1\x15");
        told && ended(record, *connection)
    };
    finished::finding(
        served && REFUSED.iter().all(refused),
        "three logins were refused, each was told so, and its connection was closed",
    )
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = if way == Way::ToServer { "digest" } else { "challenge" };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, "text")];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
