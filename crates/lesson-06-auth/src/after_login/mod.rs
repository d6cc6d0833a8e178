//! `after-login`: a relay on the path lets the client log in, and speaks in its place.

use lab::{
    Allowed, At, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Span, Stage,
    Step, Way,
};

use crate::finished;
use crate::visitors::{
    self, CHALLENGE, SIZE, TWO, Visitor, attacker, between_clients, bytewise, forgiving, key_is_served, refusal, tag,
    tell_once,
};

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
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `only two programs know this key.`",
        "-> records: 1 byte length, payload, 32 bytes tag; <- for each a record with the payload in upper case",
        "the tag is the HMAC of: challenge, `to server` or `to client`, number (8 bytes, big-endian, from 0 in each direction), payload",
        "a record with another tag gets no answer, and the server ends the connection, within 3 seconds; an empty payload is a record too",
        visitors::ENDS,
    ],
    forms: |_| forms(),
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

fn forms() -> Vec<Form> {
    let chapter =
        Form::new("a third party alters one order and repeats another", play).allow(Allowed::Hangs(attacker(1)));
    let rules = vec![
        altered(2, "an order that the client never gave"),
        repeated(4, "an order that the client gave once"),
        served(2, "hello"),
        served(4, "hello"),
    ];
    let other = [9; SIZE];
    let changed = |name: &str, bad: fn(&[u8]) -> Vec<u8>| third_party(name, bad);
    let alterations = vec![
        changed("a record with one bit changed", flipped_payload),
        changed("a record of which 4 bytes of the tag are right", |challenge| cut_tag(challenge, 4)),
        changed("a record of which 31 bytes of the tag are right", |challenge| cut_tag(challenge, SIZE - 1)),
        changed("a record without a right tag", |_| [&[6][..], b"stolen", &[0; SIZE]].concat()),
        changed("an order without a tag", |_| b"stolen, ".repeat(32)),
    ];
    let repetitions = vec![
        third_party("the first record once more", |challenge| record(challenge, "to server", 0, b"hello")),
        Visitor::in_pieces("a record of another connection", move |challenge| {
            vec![
                [answer(challenge), record(challenge, "to server", 0, b"hello")].concat(),
                record(&other, "to server", 1, b"again"),
            ]
        })
        .and_listens(),
    ];
    let gaps = vec![
        third_party("a record with the number 2 where 1 is next", |challenge| {
            record(challenge, "to server", 2, b"third")
        }),
        third_party("the records 2 and 1", |challenge| {
            [record(challenge, "to server", 2, b"third"), record(challenge, "to server", 1, b"second")].concat()
        }),
    ];
    let mirrors = vec![
        third_party("the server's own answer sent back", |challenge| record(challenge, "to client", 0, b"HELLO")),
        third_party("the server's next answer made by the client", |challenge| {
            record(challenge, "to client", 1, b"HELLO")
        }),
    ];
    let three = Form::relayed(
        "three records, an empty one too, cut at each byte",
        [Script::to_server(bytewise(SIZE + 3 * (1 + SIZE) + 5 + 3))],
        &["hello", "", "end"],
    );
    let joined = Visitor::says("joined", |challenge| {
        let lines: [&[u8]; 3] = [b"hello", &[b'x'; 255], b""];
        let records = (0..).zip(lines).flat_map(|(number, line)| record(challenge, "to server", number, line));
        answer(challenge).into_iter().chain(records).collect()
    })
    .and_listens()
    .and_ends();
    let joined = Form::new("login and records at once, one of 255 bytes", move |stage| {
        stage.server()?;
        joined.visit(stage)
    });
    vec![
        forgiving(tell_once(chapter, rules), 2),
        between_clients("records that were changed", alterations, served, |connection, who| {
            in_order(altered(connection, who), connection)
        }),
        between_clients("records that were said before", repetitions, served, |connection, who| {
            in_order(repeated(connection, who), connection)
        }),
        between_clients("records that do not come next", gaps, served, |connection, who| {
            in_order(
                no_answer("missing-is-noticed", "a record that is missing is noticed", connection, who),
                connection,
            )
        }),
        between_clients("records of the other direction", mirrors, served, |connection, who| {
            in_order(no_answer("direction-counts", "what the server has said is no order", connection, who), connection)
        }),
        forgiving(tell_once(three, vec![answered(1, &["hello", "", "end"])]), 1),
        tell_once(joined, vec![answered(1, &["hello", X255, ""])]),
    ]
}

/// A client with the key says one good record, and then this goes to the server in its name.
fn third_party(name: &str, bad: fn(&[u8]) -> Vec<u8>) -> Visitor {
    Visitor::in_pieces(name, move |challenge| {
        vec![[answer(challenge), record(challenge, "to server", 0, b"hello")].concat(), bad(challenge)]
    })
    .and_listens()
}

const X255: &str = {
    const X: [u8; 255] = [b'x'; 255];
    match std::str::from_utf8(&X) {
        Ok(text) => text,
        Err(_) => "",
    }
};

fn answer(challenge: &[u8]) -> Vec<u8> {
    tag(TWO, &[challenge])
}

fn record(challenge: &[u8], way: &str, number: u64, payload: &[u8]) -> Vec<u8> {
    let tag = tag(TWO, &[challenge, way.as_bytes(), &number.to_be_bytes(), payload]);
    [&[payload.len() as u8], payload, &tag].concat()
}

/// The record that comes next, with another payload under its tag.
fn flipped_payload(challenge: &[u8]) -> Vec<u8> {
    let mut record = record(challenge, "to server", 1, b"stolen");
    record[1] ^= 0x20;
    record
}

/// The record that comes next; so many bytes of its tag are right.
fn cut_tag(challenge: &[u8], right: usize) -> Vec<u8> {
    let mut record = record(challenge, "to server", 1, b"stolen");
    record[1 + 6 + right..].iter_mut().for_each(|byte| *byte ^= 0x55);
    record
}

/// Bytes of the challenge and of the answer to the first record, "hello".
const FIRST: usize = SIZE + 1 + 5 + SIZE;

fn altered(connection: usize, who: &str) -> Rule {
    no_answer("altered-is-refused", "a record with a wrong tag gets no answer", connection, who)
}

fn repeated(connection: usize, who: &str) -> Rule {
    no_answer("repeated-is-refused", "a record that comes a second time gets no answer", connection, who)
}

/// After the answer to the first record comes nothing more, and the server ends the connection.
fn no_answer(name: &'static str, requires: &str, connection: usize, who: &str) -> Rule {
    let who = format!("whoever sent {who}");
    refusal(name, requires, connection, FIRST, &who).hint(
        "compare the whole tag, over challenge, direction, number and payload, before you do anything with a record",
    )
}

/// A rule that is only looked at where the first record was answered; otherwise another rule says so.
fn in_order(rule: Rule, connection: usize) -> Rule {
    let (name, requires, hint) = (rule.name, rule.requires.clone(), rule.hint.clone().unwrap_or_default());
    Rule::new(name, requires, move |all| {
        let came = all.bytes(connection, Way::ToClient);
        if connection <= all.connections() && came.len() < FIRST { Seen::Kept } else { rule.look(all) }
    })
    .hint(hint)
}

/// The first record of a client is answered; what comes then is judged by other rules.
fn served(connection: usize, line: &str) -> Rule {
    let line = line.to_ascii_uppercase();
    let first = move |challenge: &[u8]| record(challenge, "to client", 0, line.as_bytes());
    let whole = first.clone();
    let rule = key_is_served(connection, SIZE, whole);
    Rule::new(rule.name, rule.requires.clone(), move |all| {
        let came = all.bytes(connection, Way::ToClient);
        let challenge = came.get(..SIZE).unwrap_or(&came);
        if came.get(SIZE..).is_some_and(|it| it.starts_with(&first(challenge))) { Seen::Kept } else { rule.look(all) }
    })
}

/// All records of a client are answered.
fn answered(connection: usize, lines: &'static [&'static str]) -> Rule {
    key_is_served(connection, SIZE, move |challenge| {
        let all = (0..)
            .zip(lines)
            .flat_map(|(number, line)| record(challenge, "to client", number, line.to_ascii_uppercase().as_bytes()));
        all.collect()
    })
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
