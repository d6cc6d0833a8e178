//! `no-scheme`: a client that knows nothing of the login talks to a server that asks for one.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, Script, Side, Span, Stage, Way};

#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
#[expect(
    clippy::disallowed_methods,
    reason = "it takes what one read gives for the answer, as clients of this wire do"
)]
mod peer;

/// Bytes of the challenge.
const SIZE: usize = 32;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-scheme",
    question: "What does a client see that does not know of the login?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge"]);
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.talkative_client()?;
    stage.wait("the server has spoken first", |record| {
        !record.bytes(1, Way::ToClient).is_empty() || record.fin(1, Way::ToClient)
    })?;
    stage.type_line(CLIENT, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let came = record.bytes(1, Way::ToClient);
    match std::str::from_utf8(&came) {
        Ok(text) if text.contains("log in") => {
            Finding::Held("the first bytes were words, and the client showed them: log in first".to_string())
        }
        Err(_) if came.len() == SIZE => Finding::Broke(
            "the challenge passed for the answer to hello, and nobody said that a login is needed".to_string(),
        ),
        _ => Finding::Other("the client was told something else than to log in".to_string()),
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let challenge = way == Way::ToClient && !bytes.is_ascii();
    vec![Span { length: bytes.len(), name: if challenge { "challenge" } else { "text" }.to_string() }]
}
