//! `lost-ending`: a relay on the path drops the last records of an order and ends the stream behind the first.

use std::time::Duration;

use lab::{
    Allowed, At, CLIENT, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Span, Stage, Step, Way,
};

use crate::finished;
use crate::visitors::{
    self, CHALLENGE, SIZE, TWO, Visitor, WAIT, attacker, between_clients, bytewise, call, forgiving, key_is_served,
    refusal, tag, tell_once,
};

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
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `only two programs know this key.`",
        "-> records: 1 byte length, payload, 32 bytes tag; a record without payload, with its tag, is the end of the order",
        "the tag is the HMAC of: challenge, `to server`, number (8 bytes, big-endian, from 0), payload",
        "<- when the end has come, and not before: one record with the whole order in upper case, of at most 255 bytes (`to client`, number 0)",
        "an order that was cut off or changed gets no answer, and the server ends the connection, within 3 seconds; a pause of a second is no end",
        visitors::ENDS,
    ],
    forms: |_| forms(),
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

fn forms() -> Vec<Form> {
    let chapter = Form::new("the stream ends behind the first record", play).allow(Allowed::Hangs(attacker(1)));
    let cut_off = vec![
        ends_after("an order of which only the login came", |_| Vec::new()),
        ends_after("an order whose end did not come", |challenge| {
            [record(challenge, 0, b"delete all\n"), record(challenge, 1, b"in folder old\n")].concat()
        }),
        ends_after("an order that was cut in the middle of a record", |challenge| {
            [record(challenge, 0, b"delete all\n"), record(challenge, 1, b"in folder old\n")[..30].to_vec()].concat()
        }),
    ];
    let forged = vec![
        ends_after("an order whose end has no right tag", |challenge| {
            [record(challenge, 0, b"delete all\n"), vec![0; 1 + SIZE]].concat()
        }),
        ends_after("an order with the end of another connection", |challenge| {
            [record(challenge, 0, b"delete all\n"), record(&[9; SIZE], 1, b"")].concat()
        }),
    ];
    let gaps = vec![
        ends_after("an order whose second record was lost", |challenge| {
            let third = [record(challenge, 2, b"and in the others\n"), record(challenge, 3, b"")].concat();
            [record(challenge, 0, b"delete all\n"), third].concat()
        }),
        ends_after("an order whose first record was lost", |challenge| {
            [record(challenge, 1, b"in folder new\n"), record(challenge, 2, b"")].concat()
        }),
    ];
    let pause = Form::new("the client pauses for a second in its order", |stage| {
        stage.server()?;
        let mut client = call(stage)?;
        let challenge = client.receive(SIZE);
        client.send(&[tag(TWO, &[&challenge]), record(&challenge, 0, b"delete all\n")].concat());
        client.taken();
        client.patience(Duration::from_millis(1200))?;
        client.receive(1);
        client.patience(WAIT)?;
        let rest = [record(&challenge, 1, b"in folder old\n"), record(&challenge, 2, b"")].concat();
        client.send(&rest);
        client.half_close();
        client.receive_all(1024);
        Ok(())
    });
    let order = key_is_served(1, SIZE, |challenge| done(challenge, b"DELETE ALL\nIN FOLDER OLD\n"));
    let no_end =
        Rule::new("pause-is-no-end", "a pause is not the end of an order", move |record| match order.look(record) {
            // Who gives no challenge does not even come to the order; another rule says so.
            Seen::Violated(_) if record.bytes(1, Way::ToClient).len() < SIZE => Seen::Kept,
            Seen::Violated(_) => {
                let came = record.bytes(1, Way::ToClient);
                let answer = came.get(SIZE + 1..).and_then(|it| it.get(..usize::from(came[SIZE])));
                Seen::Violated(format!(
                    "after a pause in the order came {}; expected, at its end: the whole order",
                    lab::wire::quoted(answer.unwrap_or_default())
                ))
            }
            other => other,
        })
        .hint("wait for the record that is the end; a timeout is an error, and no end");
    let pieces = Form::relayed(
        "an order of three lines, cut at each byte",
        [Script::to_server(bytewise(SIZE + 3 * (1 + SIZE) + 40))],
        &["one", "two and three", "four and five, and six and seven"],
    );
    let joined = Visitor::says("joined", |challenge| {
        let long = [b'x'; 200];
        [answer(challenge), record(challenge, 0, &long), record(challenge, 1, b"\n"), record(challenge, 2, b"")]
            .concat()
    })
    .and_listens()
    .and_ends();
    let joined = Form::new("login and order at once", move |stage| {
        stage.server()?;
        joined.visit(stage)
    });
    let not_done = |connection, who: &str| {
        no_answer("part-is-not-done", "an order that was cut off is not carried out", connection, who)
    };
    vec![
        forgiving(
            tell_once(
                chapter,
                vec![
                    not_done(3, "an order that was cut off behind its first record"),
                    whole(1, "DELETE ALL\nIN FOLDER OLD\n"),
                ],
            ),
            2,
        ),
        between_clients("orders that were cut off elsewhere", cut_off, lines, not_done),
        between_clients("ends that the client never sent", forged, lines, |connection, who| {
            no_answer("forged-end-is-refused", "an end without the right tag ends nothing", connection, who)
        }),
        between_clients("records that were lost", gaps, lines, |connection, who| {
            no_answer("missing-is-noticed", "a record that is missing is noticed", connection, who)
        }),
        tell_once(pause, vec![no_end]),
        forgiving(tell_once(pieces, vec![whole(1, "ONE\nTWO AND THREE\nFOUR AND FIVE, AND SIX AND SEVEN\n")]), 1),
        tell_once(joined, vec![whole(1, &format!("{}\n", "X".repeat(200)))]),
    ]
}

fn answer(challenge: &[u8]) -> Vec<u8> {
    tag(TWO, &[challenge])
}

/// A record of the client.
fn record(challenge: &[u8], number: u64, payload: &[u8]) -> Vec<u8> {
    sealed(challenge, b"to server", number, payload)
}

fn sealed(challenge: &[u8], way: &[u8], number: u64, payload: &[u8]) -> Vec<u8> {
    let tag = tag(TWO, &[challenge, way, &number.to_be_bytes(), payload]);
    [&[payload.len() as u8], payload, &tag].concat()
}

/// What the server says when it has carried out this order.
fn done(challenge: &[u8], order: &[u8]) -> Vec<u8> {
    sealed(challenge, b"to client", 0, order)
}

/// Logs in with the key, says this and ends its stream.
fn ends_after(name: &str, records: fn(&[u8]) -> Vec<u8>) -> Visitor {
    Visitor::says(name, move |challenge| [answer(challenge), records(challenge)].concat()).and_ends()
}

/// The order of this connection is carried out as a whole.
fn whole(connection: usize, order: &str) -> Rule {
    let order = order.to_string();
    key_is_served(connection, SIZE, move |challenge| done(challenge, order.as_bytes()))
}

/// An order of this one line is carried out.
fn lines(connection: usize, line: &str) -> Rule {
    whole(connection, &format!("{}\n", line.to_ascii_uppercase()))
}

fn no_answer(name: &'static str, requires: &str, connection: usize, who: &str) -> Rule {
    refusal(name, requires, connection, SIZE, who)
        .hint("carry an order out when a record has come that says so, with its tag; everything else is an error")
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
