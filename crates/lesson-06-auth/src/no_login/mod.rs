//! `no-login`: a stranger connects and gives an order.

use common::auth::REFUSAL;
use lab::{Allowed, At, Check, Experiment, Finding, Form, Record, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;
use crate::visitors::{
    CHALLENGE, ENDS, REFUSED, TEXT, TWO, attacker, between_clients, cut_and_joined, forgiving, plain, refused_plainly,
    strangers, tell_once,
};

mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-login",
    question: "Who may give orders to a server that asks nobody?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `only two programs know this key.`",
        TEXT,
        REFUSED,
        ENDS,
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "answer", "nonce", "tag"]);
    stage.server()?;
    // The stranger's bytes go on when the server has said what it says to everybody first, if it does.
    stage.relay([Script::open(), Script::to_server([Step::Hold(At::Byte(38)), Step::Settle])])?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

fn forms() -> Vec<Form> {
    let made_up = Form::new("a stranger makes up an answer", play).allow(Allowed::Hangs(attacker(1)));
    let rules = vec![refused_plainly(2, "a stranger that made up 32 bytes"), plain(1, "hello")];
    vec![
        forgiving(tell_once(made_up, rules), 1),
        between_clients("strangers with other answers, between two clients", strangers(TWO), plain, refused_plainly),
        cut_and_joined(plain),
    ]
}

fn judge(record: &Record) -> Finding {
    let [client, stranger] = [1, 2].map(|connection| record.bytes(connection, Way::ToClient));
    if stranger.ends_with(b"STOLEN") {
        Finding::Broke("a stranger without a key was served".to_string())
    } else if !client.ends_with(b"HELLO") {
        Finding::Other("the client, who has the key, was not served".to_string())
    } else if stranger.len() == 32 {
        Finding::Held("the stranger got a challenge, had no answer to it and was not served".to_string())
    } else {
        Finding::Other(format!("the stranger got {} bytes, which is not a challenge of 32", stranger.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    if !record.bytes(2, Way::ToClient).ends_with(&REFUSAL) {
        return Finding::Other("the stranger was not refused".to_string());
    }
    finished::finding(finished::printed(record, &["HELLO"]), "the stranger was refused, and the client was served")
}

/// Where the server answers as many bytes as it was sent, nobody has logged in.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let names = if way == Way::ToClient { ["challenge", "text"] } else { ["answer", "text"] };
    let printable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    let first = if bytes.iter().all(printable) { 0 } else { bytes.len().min(32) };
    let lengths = [first, bytes.len() - first];
    names.into_iter().zip(lengths).map(|(name, length)| Span { length, name: name.to_string() }).collect()
}
