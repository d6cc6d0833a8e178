//! `after-login`: a relay on the path lets the client log in, and speaks in its place.

use lab::{Check, Experiment, Finding, Record, Role, Side, Span, Stage, Way};

#[expect(clippy::disallowed_methods, reason = "takes whatever piece passes by")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a read of one byte finds the end of the stream")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "after-login",
    question: "The client has logged in. Who speaks now?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    needs: &[],
    play,
    judge,
    dissect,
    wanted: &[],
    finished: None,
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "answer", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let attacker = stage.attack()?;
    stage.clients_go_to(attacker)?;
    for _ in 0..2 {
        let client = stage.client(&["hello"])?;
        stage.ends(client)?;
    }
    stage.ends(attacker)
}

/// Each client talks to the attacker, connections 1 and 3, and the attacker to the server, connections 2 and 4.
fn judge(record: &Record) -> Finding {
    let [first, altered, second, repeated] = [1, 2, 3, 4].map(|connection| record.bytes(connection, Way::ToClient));
    if ![&first, &second].iter().all(|replies| replies.windows(5).any(|word| word == b"HELLO")) {
        return Finding::Other("the clients, who have the key, were not served".to_string());
    }
    match (altered.len() > first.len(), repeated.len() > second.len()) {
        (true, true) => Finding::Broke(
            "a third party spoke as the client: STEAL was never its order, and one hello was answered twice"
                .to_string(),
        ),
        (true, false) => Finding::Broke("a third party gave an order that the client never gave".to_string()),
        (false, true) => {
            Finding::Broke("an order that the client gave once was taken twice: nothing counts".to_string())
        }
        (false, false) => Finding::Held(
            "an order that was not the client's was refused, and so was one that was repeated".to_string(),
        ),
    }
}

/// Behind the login the mended form has frames: u8 length, payload, tag of 32 bytes.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let login = if way == Way::ToClient { "challenge" } else { "answer" };
    let mut spans = Vec::new();
    let mut left = bytes.len();
    let mut take = |length: usize, name: &str| {
        let length = length.min(left);
        left -= length;
        if length > 0 {
            spans.push(Span { length, name: name.to_string() });
        }
        length
    };
    let mut at = take(32, login);
    while let Some(length) = bytes.get(at).copied() {
        if length >= b' ' {
            at += take(usize::MAX, "text");
        } else {
            at += take(1, &format!("length {length}"));
            at += take(length.into(), "payload");
            at += take(32, "tag");
        }
    }
    spans
}
