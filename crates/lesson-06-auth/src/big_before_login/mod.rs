//! `big-before-login`: a stranger sends 16 MiB where a digest of 32 bytes belongs.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use common::auth::REFUSAL;
use lab::kernel::{Socket, State};
use lab::{
    Allowed, At, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side, Span,
    Stage, Step, Way, What,
};

use crate::finished;
use crate::visitors::{
    self, SHARED, SIZE, Visitor, WAIT, attacker, between_clients, bytewise, call, clients, flipped, forgiving,
    key_is_served, long_text, refused_plainly, tag, tell_once,
};

#[expect(clippy::disallowed_methods, reason = "waits for the end, whatever comes before it")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod fixed;
mod peer;

/// Bytes of the challenge.
const CHALLENGE: usize = 32;
/// Bytes of the length before a payload.
const HEADER: usize = 4;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;
const MIB: u64 = 1024 * 1024;
/// What the attacker announces and sends.
const ANNOUNCED: u32 = 16 * 1024 * 1024;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "big-before-login",
    question: "How much may somebody send who has not logged in?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        visitors::CHALLENGE,
        "-> frames: 4 bytes length, big-endian, and the payload; the first one is the HMAC-SHA-256 of the challenge, 32 bytes",
        "   under the key `thirty-two bytes of a shared key`; the others are texts of at most 16 MiB; <- each in upper case, as a frame",
        "from somebody who has not logged in, the server takes at most 64 KiB before it ends its stream",
        visitors::REFUSED,
        visitors::ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

/// The server can act on the length alone, and then on one byte more, before the rest comes: how much a server that
/// closes was sent is the same in every run.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    play_in_steps(stage, &STEPS[..2])
}

/// What the stranger says goes on in pieces that end here.
fn play_in_steps(stage: &mut Stage, ends: &[usize]) -> anyhow::Result<()> {
    stage.varying(&["challenge", "digest"]);
    let server = stage.server()?;
    let steps: Vec<Step> = ends.iter().flat_map(|end| [Step::Send(At::Byte(*end)), Step::Settle]).collect();
    stage.relay([Script::open(), Script::to_server(steps)])?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    stage.settle()?;
    let before = stage.memory(server);
    let attacker = stage.attack()?;
    stage.ends(attacker)?;
    stage.settle()?;
    if let (Some(before), Some(now)) = (before, stage.memory(server)) {
        // The kernel counts resident pages in batches: it may be some hundreds of KiB behind, and its peak may fall.
        let grown = match now.resident.saturating_sub(before.resident) / MIB {
            0 => "less than 1 MiB".to_string(),
            15.. => "as much as the stranger sent".to_string(),
            some => format!("{some} MiB"),
        };
        stage.fact(server, format!("the server's memory grew by {grown}"));
    }
    Ok(())
}

/// How many bytes of the attacker were handed on to the server.
fn handed_on(record: &Record) -> usize {
    let size = |what: &What| match what {
        What::Bytes { way: Way::ToServer, total, .. } => *total,
        _ => 0,
    };
    record.on(2).map(|event| size(&event.what)).sum()
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("16 MiB where a digest belongs", |stage| play_in_steps(stage, &STEPS))
        .allow(Allowed::Hangs(attacker(1)));
    let waits = |announced: u32| {
        let name = format!("{announced} bytes announced, and {SENT} sent");
        let form = Form::new(name, move |stage| {
            stage.server()?;
            stage.relay([])?;
            let first = stage.client(&["hello"])?;
            stage.ends(first)?;
            send_and_wait(stage, announced)?;
            let fresh = stage.client(&["once more"])?;
            stage.ends(fresh)
        });
        let who = format!("a stranger that announced {announced} bytes and sent {SENT} of them");
        forgiving(
            tell_once(
                form,
                vec![
                    little_is_taken(2, SENT),
                    unless_taken(refused_plainly(2, &who)),
                    served(1, "hello"),
                    served(3, "once more"),
                ],
            ),
            2,
        )
    };
    let others = vec![
        Visitor::says("a stranger that sends a frame of 33 bytes", |challenge| {
            frame(&[right(challenge), vec![0]].concat())
        }),
        Visitor::says("a stranger that sends a frame of 31 bytes", |challenge| frame(&right(challenge)[..SIZE - 1])),
        Visitor::says("a stranger that sends an empty frame", |_| frame(&[])),
        Visitor::says("a stranger whose digest has one wrong bit", |challenge| {
            [frame(&flipped(right(challenge), 0)), frame(b"stolen")].concat()
        }),
        Visitor::says("a stranger that announces 4 GiB", |_| vec![0xff; 40]),
    ];
    let joined = vec![Step::Hold(At::Byte(2 * HEADER + SIZE + 5)), Step::Settle];
    let cut = vec![
        ("hello", bytewise(HEADER + SIZE + HEADER + 2)),
        ("world", joined),
        (long_text(), vec![Step::Send(At::Byte(2)), Step::Settle]),
    ];
    vec![
        forgiving(
            tell_once(
                chapter,
                vec![
                    little_is_taken(2, HEADER + ANNOUNCED as usize),
                    refused_plainly(2, "a stranger that sends 16 MiB"),
                    served(1, "hello"),
                ],
            ),
            1,
        ),
        waits(1024 * 1024),
        waits(70_000),
        between_clients("other frames where a digest belongs", others, served, refused_plainly),
        clients("the digest cut at each byte, joined with a text, before a text of 20,000 bytes", cut, served),
        clients("a text of 1,300,000 bytes after the login", vec![(big_text(), vec![])], |connection, line| {
            served(connection, line).hint("who has logged in may send more: the limit of strangers ends with the login")
        }),
    ]
}

/// A text that is too long where the limit of strangers is kept for every client.
fn big_text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| "0123456789abc".repeat(100_000))
}

/// Bytes of what a stranger says that are handed on before anything is waited for.
const STEPS: [usize; 4] = [HEADER, HEADER + 1, HEADER + MOST, HEADER + MOST + 1];
/// What a server may take of a stranger, bytes.
const MOST: usize = 64 * 1024;
/// What a stranger sends that announces more and then waits, bytes.
const SENT: usize = MOST + 1024;
/// On the record when the server has taken so much of a stranger, and has not ended the connection.
const TAKEN: &str = "has read all that the stranger sent, and waits for more";

/// That a server takes more and more of a stranger is told by another rule than that it does not end the connection.
fn unless_taken(rule: Rule) -> Rule {
    Rule::new(rule.name, rule.requires.clone(), move |record| {
        if record.kernel().iter().any(|fact| fact.contains(TAKEN)) { Seen::Kept } else { rule.look(record) }
    })
}

fn right(challenge: &[u8]) -> Vec<u8> {
    tag(SHARED, &[challenge])
}

fn frame(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes(), payload].concat()
}

fn served(connection: usize, line: &str) -> Rule {
    let answer = frame(line.to_ascii_uppercase().as_bytes());
    key_is_served(connection, SIZE, move |_| answer.clone())
}

/// A stranger announces so much and sends a part of it: whether the server takes that, and waits for the rest.
fn send_and_wait(stage: &mut Stage, announced: u32) -> anyhow::Result<()> {
    let mut stranger = call(stage)?;
    stranger.receive(SIZE);
    stranger.send(&announced.to_be_bytes());
    stranger.taken();
    stranger.send(&vec![b'x'; SENT]);
    let port = stage.address()?.port();
    let open =
        |sockets: Vec<Socket>| sockets.into_iter().find(|it| it.local.port() == port && it.state == State::Established);
    let begin = Instant::now();
    let taken = loop {
        match stage.sockets().map(open) {
            Some(Some(socket)) if socket.unread > 0 || stage.sockets_at_rest().is_none() => {}
            Some(Some(_)) => break true,
            _ => break false,
        }
        if begin.elapsed() > WAIT {
            break false;
        }
        thread::park_timeout(Duration::from_millis(10));
    };
    if taken {
        stage.fact(SERVER, TAKEN);
    }
    stranger.receive_all(1);
    Ok(())
}

/// The server ends its stream before it has taken more than 64 KiB of the stranger on this connection, who sends `sent`
/// bytes.
fn little_is_taken(connection: usize, sent: usize) -> Rule {
    Rule::new("little-is-taken", "of a stranger the server takes at most 64 KiB", move |record| {
        if record.kernel().iter().any(|fact| fact.contains(TAKEN)) {
            return Seen::Violated(format!(
                "a stranger without a key sent {sent} bytes, the server read them all and waited for more"
            ));
        }
        let mut taken = 0;
        for event in record.on(connection) {
            match event.what {
                What::Bytes { way: Way::ToServer, total, .. } => taken += total,
                What::Fin { way: Way::ToClient } | What::Rst { .. } => break,
                _ => {}
            }
        }
        // What a direct connection was sent may be in a queue; the kernel was asked above.
        let relayed = sent > SENT;
        Seen::kept_if(
            !relayed || taken <= HEADER + MOST,
            format!("a stranger without a key had the server take {taken} bytes, in place of 32"),
        )
    })
    .hint("before the login, refuse every length but that of the digest, before you read or reserve anything for it")
}

fn judge(record: &Record) -> Finding {
    let honest = record.bytes(1, Way::ToClient);
    if honest.get(CHALLENGE..) != Some(b"\0\0\0\x05HELLO") {
        Finding::Other("the client with the key did not get the challenge of 32 bytes and HELLO".to_string())
    } else if record.bytes(2, Way::ToClient).len() > CHALLENGE {
        Finding::Other("the attacker was sent more than the challenge, and does not have the key".to_string())
    } else if handed_on(record) >= HEADER + ANNOUNCED as usize {
        Finding::Broke("a stranger without a key had the server take 16 MiB, in place of 32 bytes".to_string())
    } else if handed_on(record) <= HEADER + 1 {
        Finding::Held(
            "the length was too long for a login, and the connection ended before anything followed".to_string(),
        )
    } else {
        Finding::Other("the server took more than a length from the stranger before it closed".to_string())
    }
}

/// On the wire of the finished program the frame of a login has at most 256 bytes.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    for length in [ANNOUNCED, 257] {
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&length.to_be_bytes());
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
        Finding::Held("the lengths of 16 MiB and of 257 bytes were refused before anything followed".to_string())
    } else {
        Finding::Other("the server did not refuse a login that is longer than any login".to_string())
    }
}

/// The challenge, then frames; the first of the client is the digest.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (challenge, frames) = bytes.split_at(if way == Way::ToClient { bytes.len().min(CHALLENGE) } else { 0 });
    let mut spans = vec![Span { length: challenge.len(), name: "challenge".to_string() }];
    spans.extend(lab::dissect_frames(way, frames));
    if way == Way::ToServer && spans.len() > 2 && spans[2].length == CHALLENGE {
        spans[2].name = "digest".to_string();
    }
    spans.retain(|span| span.length > 0);
    spans
}
