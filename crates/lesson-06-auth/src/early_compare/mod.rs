//! `early-compare`: an attacker finds a tag byte by byte, since the server tells how far it had to compare.

use std::sync::LazyLock;

use common::auth::{Client, Key, REFUSAL};
use lab::{
    At, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Span, Stage, Step, Way,
};

use crate::finished;
use crate::visitors::{SHARED, Visitor, between_clients, bytewise, clients, ended, flipped, forgiving, tag, tell_once};

mod attacker;
#[expect(clippy::disallowed_methods, reason = "one byte, or none at the end of the stream")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "one byte, or none at the end of the stream")]
mod fixed;
mod peer;

const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");
/// Bytes of a tag.
const TAG: usize = 32;
/// Bytes of the finished program's login of `alice`; the last 32 are its tag.
const LOGIN: usize = 4 + 75;
/// Bytes of the first message of its server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "early-compare",
    question: "When does the server stop comparing?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        "-> orders: 1 byte length, the order, 32 bytes tag: HMAC-SHA-256 of the order under the key `thirty-two bytes of a shared key`",
        "<- one line for each: it begins with `done` where the tag is right, and with `refused` where it is not",
        "after a wrong tag the server may end the connection, when it has said so",
        "all wrong tags get the same line; the time that it takes is not measured, so a comparison with == passes unseen",
        "the server ends its stream when the client has ended its own, and serves the next client",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

/// The guesses of one connection are handed on all at once, and so are the answers to them.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let whole = || [Step::Hold(At::StreamEnd)];
    let mut scripts = vec![Script::to_server(whole()).and(Way::ToClient, whole()); 1 + TAG];
    scripts[0] = Script::open();
    stage.relay(scripts)?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("8192 guesses, 256 for each byte", play);
    let guesses = (2..=1 + TAG).map(|connection| alike(vec![connection]));
    let nearly: Vec<Visitor> = NEARLY
        .iter()
        .map(|(name, wrong)| {
            let order = order(ORDER, &wrong.iter().fold(tag(SHARED, &[ORDER]), |tag, byte| flipped(tag, *byte)));
            Visitor::says(name, move |_| order.clone()).after(0).and_listens().and_ends()
        })
        .collect();
    let last = 1 + nearly.len();
    let nearly = between_clients("tags that are nearly right", nearly, done, refused);
    let joined = ["one", "", "three"].map(|text| order(text.as_bytes(), &tag(SHARED, &[text.as_bytes()]))).concat();
    let joined = Visitor::says("a client that sends three orders at once", move |_| joined.clone())
        .after(0)
        .and_listens()
        .and_ends();
    let long: &str = &LONG;
    let cut: Vec<(&str, Vec<Step>)> = vec![
        ("hello", bytewise(1 + 5 + TAG)),
        ("x", vec![Step::Send(At::Byte(1)), Step::Settle]),
        (long, vec![Step::Send(At::Byte(200)), Step::Settle]),
    ];
    vec![
        forgiving(tell_once(chapter, guesses.chain([done(1, "hello")]).collect()), 1),
        tell_once(nearly, vec![alike((2..=last).collect())]),
        between_clients("three orders at once", vec![joined], done, |connection, _| all_done(connection, 3)),
        clients("orders cut in pieces, one of 255 bytes", cut, done),
    ]
}

const ORDER: &[u8] = b"open the door";
/// The longest order.
static LONG: LazyLock<String> = LazyLock::new(|| "broken and fixed ".repeat(15));
/// Which bytes of these tags are wrong.
const NEARLY: [(&str, &[usize]); 6] = [
    ("a tag that is wrong in its first byte", &[0]),
    ("a tag that is wrong in its second byte", &[1]),
    ("a tag of which 4 bytes are right", &[4, 5, 17, 31]),
    ("a tag of which the first half is right", &[16, 20, 24, 31]),
    ("a tag of which the second half is right", &[0, 3, 7, 15]),
    ("a tag that is wrong in its last byte", &[31]),
];

fn order(text: &[u8], tag: &[u8]) -> Vec<u8> {
    [&[text.len() as u8], text, tag].concat()
}

/// The lines that came to a client; the last one may lack its end.
fn lines(record: &Record, connection: usize) -> Vec<String> {
    String::from_utf8_lossy(&record.bytes(connection, Way::ToClient)).lines().map(str::to_string).collect()
}

/// One order with the right tag is done.
fn done(connection: usize, _: &str) -> Rule {
    all_done(connection, 1)
}

fn all_done(connection: usize, orders: usize) -> Rule {
    Rule::new("key-is-served", "every order with the right tag is done", move |record| {
        let lines = lines(record, connection);
        Seen::kept_if(
            lines.len() == orders && lines.iter().all(|line| line.starts_with("done")),
            format!(
                "{orders} orders with the right tag, and the answer is {}",
                lab::wire::quoted(lines.join("\n").as_bytes())
            ),
        )
    })
}

/// One order with a wrong tag is refused.
fn refused(connection: usize, who: &str) -> Rule {
    let who = who.to_string();
    Rule::new("wrong-is-refused", "every order with a wrong tag is refused", move |record| {
        if connection > record.connections() {
            return Seen::Unknown("the server took no more connections, so the play came to an early end".to_string());
        }
        let lines = lines(record, connection);
        let [line] = &lines[..] else {
            return Seen::Violated(format!("{who} got {} lines instead of one", lines.len()));
        };
        if !line.starts_with("refused") {
            return Seen::Violated(format!("{who} got {line:?} instead of a line that begins with `refused`"));
        }
        Seen::kept_if(ended(record, connection), format!("{who}: the server did not end its stream"))
    })
}

/// All lines that refuse an order on these connections are the same.
fn alike(connections: Vec<usize>) -> Rule {
    Rule::new("refusals-are-alike", "every refusal is the same line", move |record| {
        let all = connections.iter().flat_map(|connection| lines(record, *connection));
        let refusals: Vec<String> = all.filter(|line| !line.starts_with("done")).collect();
        let other = refusals.iter().find(|line| **line != refusals[0]);
        match other {
            None => Seen::Kept,
            Some(other) => Seen::Violated(format!(
                "one wrong tag got {:?} and another one {other:?}: the difference tells how much of a tag is right",
                refusals[0]
            )),
        }
    })
    .hint("say the same to every wrong tag, and compare all bytes whatever comes: hmac.compare_digest")
}

fn judge(record: &Record) -> Finding {
    let done = |connection: usize| {
        let answers = record.bytes(connection, Way::ToClient);
        answers.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"done"))
    };
    if !done(1) {
        Finding::Other("the order of the client with the key was not done".to_string())
    } else if !(2..=record.connections()).any(done) {
        Finding::Held("every wrong tag made the same work, and none was found".to_string())
    } else if record.connections() == 1 + TAG {
        Finding::Broke("8192 guesses found a tag of 32 bytes: the work told when one more byte was right".to_string())
    } else {
        Finding::Other("a tag was taken that was not right yet".to_string())
    }
}

/// A right login, with one bit of its tag turned round: in the first byte, then in the last one.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    let key = Key::from_exposed_file(ALICE)?;
    for at in [LOGIN - TAG, LOGIN - 1] {
        let mut attacker = stage.attacker()?;
        let greeting = attacker.receive(GREETING);
        let mut login = Client::new("upper-case echo", "alice", &key)?.feed(&greeting)?.send;
        login[at] ^= 1;
        attacker.send(&login);
        attacker.receive_all(1024);
        stage.settle()?; // the server writes its log after it has answered
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = |connection| record.bytes(connection, Way::ToClient).get(GREETING..) == Some(&REFUSAL);
    if !finished::printed(record, &["HELLO"]) {
        Finding::Other("alice did not get her line back in capitals".to_string())
    } else if refused(2) && refused(3) {
        Finding::Held("a tag wrong in its first byte and one wrong in its last got the same refusal".to_string())
    } else {
        Finding::Other("two wrong tags did not get the same refusal".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToClient {
        return lab::dissect_lines(way, bytes);
    }
    let mut spans = Vec::new();
    let mut left = bytes.len();
    while left > 0 {
        let order = bytes[bytes.len() - left].into();
        for (length, name) in [(1, "length"), (order, "order"), (TAG, "tag")] {
            let length = left.min(length);
            left -= length;
            spans.push(Span { length, name: name.to_string() });
        }
    }
    spans.retain(|span| span.length > 0);
    spans
}
