//! `one-key-for-all`: a client poses as the server to another client.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, Side, Span, Stage, Way};

#[expect(clippy::disallowed_methods, reason = "it takes whatever one read gives")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;

/// What the client tells nobody but its server.
const SECRET: &str = "the code is 4711";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-key-for-all",
    question: "Who else has the key of the server?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect,
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    let rogue = stage.attack()?;
    stage.clients_go_to(rogue)?;
    let victim = stage.client(&[SECRET])?;
    stage.ends(victim)?;
    stage.ends(rogue)
}

fn judge(record: &Record) -> Finding {
    let served = record.bytes(1, Way::ToClient).get(64..) == Some(b"HELLO");
    let said = record.bytes(2, Way::ToServer).len();
    if said > 65 {
        Finding::Broke("another client proved with its key that it is the server, and was told all".to_string())
    } else if !served {
        Finding::Other("the client and the server did not come to terms: HELLO never came back".to_string())
    } else if said == 65 && record.bytes(2, Way::ToClient).len() == 64 {
        Finding::Held("the key of another client proved nothing, and the rogue was told nothing".to_string())
    } else {
        Finding::Other(
            "the rogue never had a proof to show: the client must send A, a nonce and a tag, 65 bytes".to_string(),
        )
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let client = if way == Way::ToServer { 1 } else { 0 };
    let mut left = bytes.len();
    let mut spans = Vec::new();
    for (most, name) in [(client, "client"), (32, "nonce"), (32, "tag"), (usize::MAX, "text")] {
        let length = left.min(most);
        if length > 0 {
            spans.push(Span { length, name: name.to_string() });
        }
        left -= length;
    }
    spans
}
