//! `short-tag`: an attacker without the key sends a tag of no bytes.

use lab::{Allowed, At, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Side, Span, Stage, Step, Way};

use crate::finished;
use crate::visitors::{
    CHALLENGE, ENDS, REFUSED, SHARED, SIZE, TEXT, Visitor, attacker, between_clients, bytewise, clients, flipped,
    forgiving, long_text, plain, refusal, refused_plainly, tag, tell_once,
};

mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "short-tag",
    question: "How many bytes of a tag are compared?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        CHALLENGE,
        "-> 1 byte, the length of the tag, and the tag: HMAC-SHA-256 of the challenge under the key `thirty-two bytes of a shared key`",
        "only a tag of 32 right bytes logs in",
        TEXT,
        REFUSED,
        ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("a tag of 0 bytes", play).allow(Allowed::Hangs(attacker(1)));
    let short = [1, 8, 16, 31].map(|bytes| {
        let who = format!("whoever has {bytes} right bytes of the tag, and sends no others,");
        Visitor::says(&who, move |challenge| frame(&right(challenge)[..bytes]))
    });
    let long = [1, 32, 223].map(|bytes| {
        let who = format!("whoever sends {bytes} bytes more behind the right tag");
        Visitor::says(&who, move |challenge| frame(&[right(challenge), vec![0; bytes]].concat()))
    });
    let before = Visitor::says("whoever sends a zero byte before the right tag", |challenge| {
        frame(&[vec![0], right(challenge)].concat())
    });
    let wrong = [0, SIZE - 1].map(|byte| {
        let who = format!("a stranger whose tag is wrong in byte {byte}");
        Visitor::says(&who, move |challenge| frame(&flipped(right(challenge), byte)))
    });
    let joined = vec![Step::Hold(At::Byte(1 + SIZE + 5)), Step::Settle];
    let cut = vec![
        ("hello", bytewise(1 + SIZE + 2)),
        ("world", joined),
        (long_text(), vec![Step::Send(At::Byte(2)), Step::Settle]),
    ];
    vec![
        forgiving(tell_once(chapter, vec![too_short(2, "an attacker with a tag of 0 bytes"), plain(1, "hello")]), 1),
        between_clients("the right tag without its end", short.into(), plain, too_short),
        between_clients(
            "the right tag with more around it",
            long.into_iter().chain([before]).collect(),
            plain,
            |connection, who| {
                let requires = "bytes behind a right tag, or before it, make it wrong";
                refusal("long-tag-opens-nothing", requires, connection, SIZE, who)
            },
        ),
        between_clients("32 bytes, one of them wrong", wrong.into(), plain, refused_plainly),
        clients("the tag cut at each byte, joined with its text, before a long text", cut, plain),
    ]
}

fn right(challenge: &[u8]) -> Vec<u8> {
    tag(SHARED, &[challenge])
}

/// A tag of any length, and an order right behind it.
fn frame(tag: &[u8]) -> Vec<u8> {
    [&[tag.len() as u8], tag, b"stolen"].concat()
}

fn too_short(connection: usize, who: &str) -> Rule {
    let requires = "a tag without its last bytes opens nothing";
    refusal("short-tag-opens-nothing", requires, connection, SIZE, who)
        .hint("compare the length first, then all bytes: hmac.compare_digest, crypto.timingSafeEqual, verify_slice")
}

fn judge(record: &Record) -> Finding {
    let [honest, forged] = [1, 2].map(|connection| record.bytes(connection, Way::ToClient));
    if honest.len() != 37 || !honest.ends_with(b"HELLO") {
        Finding::Other("the client with the key did not get the challenge of 32 bytes and HELLO".to_string())
    } else if forged.len() == 32 {
        Finding::Held("the whole tag of the client was taken, and a tag of 0 bytes was refused".to_string())
    } else if forged.ends_with(b"LET ME IN") {
        Finding::Broke("a tag of 0 bytes opened the server to somebody who does not have the key".to_string())
    } else {
        Finding::Other(format!(
            "the attacker got {} bytes: a challenge has 32, and nothing belongs behind it",
            forged.len()
        ))
    }
}

/// The wire of the finished program has no length for the tag, so here the message ends where the tag should begin.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    let mut attacker = stage.attacker()?;
    attacker.receive(GREETING);
    attacker.send(&[b"\0\0\0\x2bSBF1\x02\x05alice", &[0; 32][..]].concat());
    attacker.receive_all(1024);
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = record.bytes(2, Way::ToClient).get(GREETING..) == Some(b"\0\0\0\x05SBF1\x15");
    let served = finished::printed(record, &["HELLO"]);
    finished::finding(served && refused, "alice was served, and a login without a tag was refused")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let span = |length: usize, name: &str| Span { length, name: name.to_string() };
    let mut spans = match (way, bytes.first()) {
        (Way::ToClient, _) => vec![span(bytes.len().min(32), "challenge")],
        (Way::ToServer, None) => Vec::new(),
        (Way::ToServer, Some(length)) => {
            let tag = usize::from(*length).min(bytes.len() - 1);
            vec![span(1, &format!("length {length}")), span(tag, "tag")]
        }
    };
    spans.retain(|span| span.length > 0);
    let named: usize = spans.iter().map(|span| span.length).sum();
    if named < bytes.len() {
        spans.push(span(bytes.len() - named, "text"));
    }
    spans
}
