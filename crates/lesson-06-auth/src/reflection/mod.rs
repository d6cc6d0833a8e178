//! `reflection`: a rogue server without the key lets a second client answer the challenge of the first.

use lab::{
    Allowed, At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Rule, Script, Side, Span, Stage, Step, Way,
    Who,
};

use crate::visitors::{
    self, SHARED, attacker, client, forgiving, logs_in, nothing_before_proof, prints, tag, tell_once, told_nothing,
};

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
    wire: &[
        "<- 32 bytes: the nonce of the server; -> 32 bytes: the nonce of the client, random and new for every connection",
        "-> 32 bytes: HMAC-SHA-256 of `client`, the server's nonce, the client's nonce, under the key `thirty-two bytes of a shared key`",
        "<- 32 bytes: the same with `server` in place of `client`; before it has come, and where it is wrong, the client says nothing more",
        "-> then each line of the input, without its end; <- the same in upper case, which the client prints as a line",
        "the client ends when its input ends, and when the server is not what it says it is",
    ],
    forms: |_| forms(),
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

fn forms() -> Vec<Form> {
    let chapter = Form::new("another client answers in place of the server", play)
        .allow(Allowed::Hangs(attacker(1)))
        .allow(Allowed::Fails(client(3)))
        .allow(Allowed::Hangs(client(3)));
    let rules = vec![
        nothing_before_proof(1, LOGIN, LOGIN),
        nothing_before_proof(2, LOGIN, LOGIN),
        told(2, "another client's answer"),
        logs_in(1, proves),
        prints(CLIENT, 1, proves, &["HELLO"]),
    ];
    let early = [Step::Send(At::Byte(32)), Step::Hold(At::Byte(LOGIN)), Step::Settle];
    let bytes = (33..=LOGIN + 3).flat_map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]);
    let cut = early.into_iter().chain(bytes).collect::<Vec<_>>();
    let cut = Form::relayed("the proof in pieces", [Script::to_client(cut)], &["hello", "world"]);
    vec![
        forgiving(tell_once(chapter, rules), 2),
        forgiving(
            tell_once(
                cut,
                vec![
                    nothing_before_proof(1, LOGIN, LOGIN),
                    logs_in(1, proves),
                    prints(CLIENT, 1, proves, &["HELLO", "WORLD"]),
                ],
            ),
            1,
        ),
        visitors::rogues(SHARED, 32, prove, proves),
    ]
}

/// Bytes of the login of either side: nonce and tag.
const LOGIN: usize = 64;

/// What the server proves with.
fn prove(key: &[u8], role: &str, nonce: &[u8], hello: &[u8]) -> Vec<u8> {
    tag(key, &[role.as_bytes(), nonce, hello])
}

fn told(connection: usize, who: &str) -> Rule {
    told_nothing(
        "wrong-proof-tells-nothing",
        "whoever cannot prove that it is the server is told nothing",
        connection,
        LOGIN,
        LOGIN,
        &format!("a rogue with {who}"),
    )
    .hint("compare the tag of the server, over its role and both nonces, and leave where it is wrong")
}

/// Whether a client has proved that it has the key.
fn proves(came: &[u8], said: &[u8]) -> Result<(), String> {
    let nonce = came.get(..32).unwrap_or(came);
    let Some((hello, proof)) = said.get(..LOGIN).map(|said| said.split_at(32)) else {
        return Err(format!(
            "the client sent {} where a nonce and a tag are expected, 64 bytes",
            lab::wire::quoted(said)
        ));
    };
    if proof == prove(SHARED, "client", nonce, hello) {
        Ok(())
    } else if proof == tag(SHARED, &[nonce]) {
        Err("the client's tag is over the server's nonce alone: who answers is not in it".to_string())
    } else {
        Err(format!("the client's tag is {}, and not the HMAC of `client` and both nonces", lab::wire::quoted(proof)))
    }
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
