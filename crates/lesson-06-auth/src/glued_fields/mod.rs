//! `glued-fields`: an attacker between client and server moves the boundary of two fields by one byte.

use lab::{CLIENT, Check, Experiment, Finding, Record, Side, Span, Stage, Way};

#[expect(clippy::disallowed_methods, reason = "it takes the answer to its end, and no more than 1024 bytes")]
mod attacker;
mod broken;
mod fixed;

const ORDER: &str = "77 100";
const PAID: &[u8] = b"paid 100 to 77\n";
const PAID_OTHERWISE: &[u8] = b"paid 7100 to 7\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "glued-fields",
    question: "Does the tag of two fields say where the first one ends?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Either,
    play,
    judge,
    dissect,
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[ORDER])?;
    stage.ends(CLIENT)?;
    let rogue = stage.attack()?;
    stage.clients_go_to(rogue)?;
    let victim = stage.client(&[ORDER])?;
    stage.ends(victim)?;
    stage.ends(rogue)
}

fn judge(record: &Record) -> Finding {
    let answer = |connection| record.bytes(connection, Way::ToClient).get(32..).map(<[u8]>::to_vec);
    let (honest, changed) = (answer(1), answer(3));
    if changed.as_deref() == Some(PAID_OTHERWISE) {
        Finding::Broke("100 to account 77 was ordered, and 7100 to account 7 was paid, under the same tag".to_string())
    } else if honest.as_deref() != Some(PAID) {
        Finding::Other(
            "an honest order was not paid: its tag is over challenge, length, account, length, amount".to_string(),
        )
    } else if changed.is_some_and(|answer| answer.is_empty()) {
        Finding::Held("the honest order was paid, and the one with the moved boundary was refused".to_string())
    } else {
        Finding::Other("the order with the moved boundary was neither paid nor refused".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut left = bytes;
    let mut take = |most: usize, name: &str| {
        let (taken, rest) = left.split_at(most.min(left.len()));
        if !taken.is_empty() {
            spans.push(Span { length: taken.len(), name: name.to_string() });
        }
        left = rest;
        taken.first().copied().map_or(0, usize::from)
    };
    match way {
        Way::ToClient => {
            take(32, "challenge");
        }
        Way::ToServer => {
            for field in ["account", "amount"] {
                let length = take(1, "length");
                take(length, field);
            }
            take(32, "tag");
        }
    }
    take(usize::MAX, "text");
    spans
}
