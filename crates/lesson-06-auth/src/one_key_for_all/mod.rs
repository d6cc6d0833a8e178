//! `one-key-for-all`: a client poses as the server to another client.

use lab::{
    Allowed, At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Rule, Script, Side, Span, Stage, Step, Way,
};

use crate::visitors::{self, attacker, forgiving, logs_in, nothing_before_proof, prints, tag, tell_once, told_nothing};

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
    wire: &[
        "<- 32 bytes: the nonce of the server; -> `A` and 32 bytes, random and new for every connection: the hello of alice",
        "-> 32 bytes: HMAC-SHA-256 of `client`, the nonce, the hello (33 bytes), under alice's key `the key that alice was given....`",
        "<- 32 bytes: the same with `server` in place of `client`; before it has come, and where it is wrong, the client says nothing more",
        "-> then each line of the input, without its end; <- the same in upper case, which the client prints as a line",
        "mallory has a key of her own, `the key that mallory was given..`, which proves nothing to alice; the client ends when its input ends, and when the proof is wrong",
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
    stage.ends(victim)?;
    stage.ends(rogue)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("mallory poses as the server", play).allow(Allowed::Hangs(attacker(1)));
    let rules = vec![
        nothing_before_proof(1, LOGIN, PROOF),
        nothing_before_proof(2, LOGIN, PROOF),
        mallory_told(2),
        logs_in(1, proves),
        prints(CLIENT, 1, proves, &["HELLO"]),
    ];
    let early = [Step::Send(At::Byte(32)), Step::Hold(At::Byte(PROOF)), Step::Settle];
    let bytes = (33..=PROOF + 3).flat_map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]);
    let cut = early.into_iter().chain(bytes).collect::<Vec<_>>();
    let cut = Form::relayed("the proof in pieces", [Script::to_client(cut)], &["hello", "world"]);
    vec![
        forgiving(tell_once(chapter, rules), 2),
        forgiving(
            tell_once(
                cut,
                vec![
                    nothing_before_proof(1, LOGIN, PROOF),
                    logs_in(1, proves),
                    prints(CLIENT, 1, proves, &["HELLO", "WORLD"]),
                ],
            ),
            1,
        ),
        visitors::rogues(ALICE, 33, prove, proves),
    ]
}

const ALICE: &[u8; 32] = b"the key that alice was given....";
const MALLORY: &[u8; 32] = b"the key that mallory was given..";
/// Bytes of the login of a client, hello and tag, and of that of a server, nonce and tag.
const LOGIN: usize = 65;
const PROOF: usize = 64;

/// What either side proves with.
fn prove(key: &[u8], role: &str, nonce: &[u8], hello: &[u8]) -> Vec<u8> {
    tag(key, &[role.as_bytes(), nonce, hello])
}

fn mallory_told(connection: usize) -> Rule {
    told_nothing(
        "others-key-proves-nothing",
        "the key of another client proves nothing",
        connection,
        LOGIN,
        PROOF,
        "mallory, with her own key,",
    )
    .hint("give each client a key of its own, and take the proof of the server under that key alone")
}

/// Whether a client has proved that it has alice's key.
fn proves(came: &[u8], said: &[u8]) -> Result<(), String> {
    let nonce = came.get(..32).unwrap_or(came);
    let Some((hello, proof)) = said.get(..LOGIN).map(|said| said.split_at(33)) else {
        return Err(format!(
            "the client sent {} where `A`, a nonce and a tag are expected, 65 bytes",
            lab::wire::quoted(said)
        ));
    };
    if proof == prove(ALICE, "client", nonce, hello) {
        Ok(())
    } else if proof == prove(MALLORY, "client", nonce, hello) {
        Err("the client's tag is under mallory's key, which mallory has too".to_string())
    } else {
        Err(format!(
            "the client's tag is {}, and not the HMAC of `client`, the nonce and the hello under alice's key",
            lab::wire::quoted(proof)
        ))
    }
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
