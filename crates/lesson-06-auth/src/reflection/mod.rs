//! `reflection`: a rogue server without the key lets a second client answer the challenge of the first.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, Side, Span, Stage, Way, Who};

#[expect(clippy::disallowed_methods, reason = "it takes whatever one read gives")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;

/// What the client tells nobody but its server.
const SECRET: &str = "the code is 4711";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "reflection",
    question: "Who computed the answer to my challenge?",
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
    stage.wait("the first client has asked the rogue", |record| {
        record.bytes(2, Way::ToServer).len() >= 64 || record.exit(Who { number: 2, ..CLIENT }).is_some()
    })?;
    let helper = stage.client(&["hello"])?;
    stage.ends(victim)?;
    stage.ends(helper)?;
    stage.ends(rogue)?;
    let passed_on = stage.record(|record| {
        let of = |connection, way, from| record.bytes(connection, way).get(from..from + 32).map(<[u8]>::to_vec);
        let question = of(2, Way::ToServer, 0);
        let answer = of(3, Way::ToServer, 32);
        question.is_some()
            && question == of(3, Way::ToClient, 0)
            && answer.is_some()
            && answer == of(2, Way::ToClient, 32)
    });
    if passed_on {
        stage.step(rogue, "has given client 2's nonce to client 3, and client 3's tag to client 2");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let served = record.bytes(1, Way::ToClient).get(64..) == Some(b"HELLO");
    let said = record.bytes(2, Way::ToServer);
    if said.len() > 64 {
        Finding::Broke("the answer of one client passed for that of the server, and the rogue was told all".to_string())
    } else if !served {
        Finding::Other("the client and the server did not come to terms: HELLO never came back".to_string())
    } else if said.len() == 64 && record.bytes(2, Way::ToClient).len() == 64 {
        Finding::Held("the answer of another client was refused, and the rogue was told nothing".to_string())
    } else {
        Finding::Other(
            "the rogue never had an answer to show: the client must send a nonce and a tag, 64 bytes".to_string(),
        )
    }
}

/// Both directions begin with a nonce and a tag.
fn dissect(_way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut left = bytes.len();
    let mut spans = Vec::new();
    for (most, name) in [(32, "nonce"), (32, "tag"), (usize::MAX, "text")] {
        let length = left.min(most);
        if length > 0 {
            spans.push(Span { length, name: name.to_string() });
        }
        left -= length;
    }
    spans
}
