//! `after-login`: a relay on the path lets the client log in, and speaks in its place.

use lab::{At, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;

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
    play,
    judge,
    dissect,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
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

/// Bytes of the finished program's login of `alice`, and of the record "hello" behind it.
const LOGIN: usize = 4 + 75;
const HELLO: usize = 4 + 1 + 5 + 32;
/// Bytes of both messages with which its server logs a client in.
const WELCOME: usize = 57 + 41;

/// One record is changed on the way; one that nobody sent is put in the place of the end.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    let forged = [&[0, 0, 0, 38, 0][..], b"steal", &[0; 32]].concat();
    let (login, after) = (Step::Send(At::Byte(LOGIN)), At::Byte(LOGIN + HELLO));
    let (lose, insert) = (Step::Drop(At::StreamEnd), Step::Insert(At::StreamEnd, forged));
    stage.relay([
        Script::to_server([login.clone(), Step::Flip(At::Byte(LOGIN + 5), 0x1b)]),
        Script::to_server([login, Step::Send(after), Step::Settle, lose, insert]),
    ])?;
    for _ in 0..2 {
        let client = stage.client(&[])?;
        stage.ends(client)?;
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let [changed, inserted] = [1, 2].map(|connection| record.bytes(connection, Way::ToClient));
    if inserted.len() < WELCOME + HELLO || inserted[WELCOME + 5..WELCOME + 10] != *b"HELLO" {
        Finding::Other("the honest record was not answered".to_string())
    } else if changed.len() > WELCOME || inserted.len() > WELCOME + HELLO {
        Finding::Other("a record that the client had not sent was answered".to_string())
    } else {
        Finding::Held("a changed record and an inserted one ended the connection, and neither was answered".to_string())
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
