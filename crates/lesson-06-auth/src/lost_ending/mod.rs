//! `lost-ending`: a relay on the path drops the last records of an order and ends the stream behind the first.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Script, Side, Span, Stage, Step, Way,
};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "it takes all that the client sends, which is one order")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "a read of one byte finds the end of the stream")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a read of one byte finds the end of the stream")]
mod fixed;

/// What the clients want, and what the server says when it has done it.
const ORDER: &[&str] = &["delete all", "in folder old"];
const DONE: &[u8] = b"DELETE ALL\nIN FOLDER OLD\n";
const MORE_THAN_WANTED: &[u8] = b"DELETE ALL\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-ending",
    question: "Is what came all that was sent?",
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
    // The end of the stream comes when the server has done all that it does without.
    stage.relay([Script::to_server([Step::Send(At::BeforeEnd(0)), Step::Settle])])?;
    stage.client(ORDER)?;
    stage.ends(CLIENT)?;
    let attacker = stage.attack()?;
    stage.clients_go_to(attacker)?;
    let client = stage.client(ORDER)?;
    stage.ends(client)?;
    stage.ends(attacker)
}

/// The first client talks to the server, connection 1. The second talks to the attacker, 2, and that to the server, 3.
fn judge(record: &Record) -> Finding {
    let done = |connection| {
        let came = record.bytes(connection, Way::ToClient);
        came.get(33..came.len().saturating_sub(32)).unwrap_or_default().to_vec()
    };
    let (whole, part) = (done(1), done(3));
    if whole != DONE {
        Finding::Other("the whole order, which nobody had touched, was not carried out".to_string())
    } else if part == MORE_THAN_WANTED {
        Finding::Broke("the server took the first line for the whole order, DELETE ALL".to_string())
    } else if part.is_empty() {
        Finding::Held("the whole order was carried out, and the one that was cut off was not".to_string())
    } else {
        Finding::Other("the server carried out something that nobody had ordered".to_string())
    }
}

/// Bytes of the finished program's login of `alice`, and of the record "hello" behind it.
const LOGIN: usize = 4 + 75;
const HELLO: usize = 4 + 1 + 5 + 32;

/// The record arrives and the end does not: the relay puts a FIN in its place.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    let [login, hello] = [LOGIN, LOGIN + HELLO].map(|place| Step::Send(At::Byte(place)));
    stage.relay([Script::to_server([login, hello, Step::Settle, Step::Drop(At::StreamEnd), Step::Fin])])?;
    let client = stage.client(&[])?;
    stage.ends(client)
}

fn judge_finished(record: &Record) -> Finding {
    let told = |who| record.lines(who).iter().chain(&record.complaints(who)).any(|line| line.contains("is incomplete"));
    if told(SERVER) && told(CLIENT) {
        Finding::Held("the end was lost on the way, and both sides said that what came is incomplete".to_string())
    } else {
        Finding::Other("the end was lost on the way, and somebody did not notice".to_string())
    }
}

/// A login, and then records: u8 length, payload, tag of 32 bytes.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let login = if way == Way::ToClient { "challenge" } else { "answer" };
    let mut sizes = vec![(32, login.to_string())];
    let mut at = 32;
    while let Some(length) = bytes.get(at).copied() {
        let payload = usize::from(length);
        sizes.extend([(1, format!("length {length}")), (payload, "payload".to_string()), (32, "tag".to_string())]);
        at += 1 + payload + 32;
    }
    let mut left = bytes.len();
    let spans = sizes.into_iter().map(|(size, name)| {
        let length = size.min(left);
        left -= length;
        Span { length, name }
    });
    spans.filter(|span| span.length > 0).collect()
}
