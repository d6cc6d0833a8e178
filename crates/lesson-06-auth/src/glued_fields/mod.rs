//! `glued-fields`: an attacker between client and server moves the boundary of two fields by one byte.

use std::io::Write;
use std::time::Duration;

use lab::{
    Allowed, At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Rule, Script, Seen, Side, Span, Stage, Step,
    Way, Who,
};

use crate::visitors::{
    CHALLENGE, Rogue, SHARED, SIZE, Visitor, attacker, between_clients, bytewise, client, clients, fails_when_refused,
    flipped, forgiving, key_is_served, listens, logs_in, prints, refusal, refused_plainly, tag, tell_once,
};

#[expect(clippy::disallowed_methods, reason = "it takes the answer to its end, and no more than 1024 bytes")]
mod attacker;
mod broken;
mod fixed;

const ORDER: &str = "77 100";
const PAID: &[u8] = b"paid 100 to 77\n";
const PAID_OTHERWISE: &[u8] = b"paid 7100 to 7\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "glued-fields",
    question: "Does the tag of two fields say where the first one ends?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Either,
    play,
    judge,
    dissect,
    wire: &[
        CHALLENGE,
        "-> one order: 1 byte length, account, 1 byte length, amount, and 32 bytes tag",
        "the tag is HMAC-SHA-256 under the key `thirty-two bytes of a shared key` of: challenge, length, account, length, amount",
        "<- `paid AMOUNT to ACCOUNT` and a newline, when the tag is right; else nothing; then the server ends the connection, within 3 seconds",
        "the client is typed `ACCOUNT AMOUNT`, prints the line of the server, and ends with an error when none comes",
    ],
    forms: |role| match role {
        Role::Client => forms_for_clients(),
        _ => forms_for_servers(),
    },
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[ORDER])?;
    stage.ends(CLIENT)?;
    let rogue = stage.attack()?;
    stage.clients_go_to(rogue)?;
    let victim = stage.client(&[ORDER])?;
    stage.ends(victim)?;
    stage.ends(rogue)
}

fn chapter() -> Form {
    let chapter = Form::new("the boundary of two fields is moved by one byte", play).allow(Allowed::Hangs(attacker(1)));
    forgiving(chapter, 2)
}

fn forms_for_servers() -> Vec<Form> {
    let altered = |account: &'static str, amount: &'static str| {
        let who = format!("an order with the tag of 77, 100 that says {account}, {amount}");
        Visitor::says(&who, move |challenge| order(account, amount, &right(challenge, "77", "100")))
    };
    let moved = [altered("7", "7100"), altered("", "77100"), altered("771", "00"), altered("77100", "")];
    let old = |account: &'static str, amount: &'static str, signed: [&'static str; 2]| {
        let who = format!("an order of {account}, {amount} whose tag is over {} without a length", signed.concat());
        Visitor::says(&who, move |challenge| {
            let glued = tag(SHARED, &[challenge, signed[0].as_bytes(), signed[1].as_bytes()]);
            order(account, amount, &glued)
        })
    };
    let old = vec![old("7", "7100", ["77", "100"]), old("77", "100", ["77", "100"])];
    let wrong = [0, SIZE - 1].map(|byte| {
        let who = format!("an order whose tag is wrong in byte {byte}");
        Visitor::says(&who, move |challenge| order("77", "100", &flipped(right(challenge, "77", "100"), byte)))
    });
    let others = vec![
        altered("77", "900"),
        altered("78", "100"),
        Visitor::says("an order with a tag for another challenge", |_| {
            order("77", "100", &right(&[7; SIZE], "77", "100"))
        }),
    ];
    let cut = vec![
        (ORDER, bytewise(1 + 2 + 1 + 3 + SIZE)),
        ("a|b 1\u{7f}00", vec![Step::Send(At::Byte(2)), Step::Settle]),
        (LONG, vec![Step::Send(At::Byte(100)), Step::Settle, Step::Send(At::Byte(200)), Step::Settle]),
    ];
    vec![
        tell_once(chapter(), vec![not_paid(3, "an order with a moved boundary"), paid(1, ORDER)]),
        between_clients_paid("the boundary moved otherwise", moved.into(), not_paid),
        between_clients_paid("tags without the lengths", old, |connection, who| {
            let requires = "a tag that does not say where a field ends pays nothing";
            refusal("boundary-is-in-the-tag", requires, connection, SIZE, who)
                .hint("compute the tag over the length of each field too, and take no other tag")
        }),
        between_clients_paid("wrong tags", wrong.into_iter().chain(others).collect(), refused_plainly),
        clients("orders in pieces, with other bytes, with a long field", cut, paid),
    ]
}

/// As [`between_clients`]: the clients order a payment.
fn between_clients_paid(name: &str, visitors: Vec<Visitor>, refused: impl Fn(usize, &str) -> Rule) -> Form {
    between_clients(name, visitors, paid, refused)
}

/// An account of 250 digits.
const LONG: &str = concat!(
    "12345678901234567890123456789012345678901234567890",
    "12345678901234567890123456789012345678901234567890",
    "12345678901234567890123456789012345678901234567890",
    "12345678901234567890123456789012345678901234567890",
    "12345678901234567890123456789012345678901234567890 5"
);

fn fields(account: &str, amount: &str) -> Vec<u8> {
    [account, amount].map(|field| [&[field.len() as u8], field.as_bytes()].concat()).concat()
}

fn right(challenge: &[u8], account: &str, amount: &str) -> Vec<u8> {
    tag(SHARED, &[challenge, &fields(account, amount)])
}

fn order(account: &str, amount: &str, tag: &[u8]) -> Vec<u8> {
    [&fields(account, amount), tag].concat()
}

/// The order that was typed is paid.
fn paid(connection: usize, typed: &str) -> Rule {
    let (account, amount) = typed.split_once(' ').unwrap_or((typed, ""));
    let answer = format!("paid {amount} to {account}\n").into_bytes();
    key_is_served(connection, SIZE, move |_| answer.clone())
        .hint("the right tag is over challenge, length, account, length, amount: a length is one byte, as on the wire")
}

fn not_paid(connection: usize, who: &str) -> Rule {
    refusal("moved-is-refused", "an order whose fields were changed under its tag is not paid", connection, SIZE, who)
        .hint("the tag has to cover the fields as they came, each with its length")
}

fn forms_for_clients() -> Vec<Form> {
    let pieces: Vec<Step> = (1..=SIZE + 10).flat_map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]).collect();
    let cut = Form::relayed("the challenge and the answer in pieces", [Script::to_client(pieces)], &["4711 25"]);
    let long = Form::relayed("a long account", [], &[LONG]);
    let refuses = Form::new("a server that refuses the order", |stage| {
        let rogue = Rogue::pose(stage)?;
        stage.relay([])?;
        rogue.receives(stage, ORDER, |stream| {
            stream.write_all(&[b'c'; SIZE])?;
            listens(stream, Duration::from_millis(500))
        })
    });
    let said = |number, connection| says_what_came(client(number), connection);
    vec![
        tell_once(
            chapter(),
            vec![
                logs_in(1, signed),
                says_what_came(CLIENT, 1),
                prints(CLIENT, 1, signed, &["paid 100 to 77"]),
                said(2, 2),
            ],
        ),
        tell_once(
            forgiving(cut, 1),
            vec![logs_in(1, signed), said(1, 1), prints(CLIENT, 1, signed, &["paid 25 to 4711"])],
        ),
        tell_once(forgiving(long, 1), vec![logs_in(1, signed), said(1, 1)]),
        tell_once(forgiving(refuses, 1), vec![logs_in(1, signed), said(1, 1), fails_when_refused(1)]),
    ]
}

/// Whether the order that a client has sent bears the right tag.
fn signed(came: &[u8], said: &[u8]) -> Result<(), String> {
    let challenge = came.get(..SIZE).unwrap_or(came);
    let ends = |from: usize| said.get(from).map(|length| from + 1 + usize::from(*length));
    let Some((second, end)) = ends(0).and_then(|second| Some((second, ends(second)?))) else {
        return Err(format!("the client sent {} where an order is expected", lab::wire::quoted(said)));
    };
    let Some((order, tag_of)) = said.split_at_checked(end) else {
        return Err(format!("the client sent {} where an order is expected", lab::wire::quoted(said)));
    };
    let glued = tag(SHARED, &[challenge, &order[1..second], &order[second + 1..]]);
    if tag_of == tag(SHARED, &[challenge, order]) {
        Ok(())
    } else if tag_of == glued {
        Err("the client's tag is over the fields without their lengths, so it does not say where the first one ends"
            .to_string())
    } else {
        Err(format!(
            "the client's tag is {}, and not the HMAC of the challenge, a length, a field, a length, a field",
            lab::wire::quoted(tag_of)
        ))
    }
}

/// A client prints what the server has said, and nothing else.
fn says_what_came(who: Who, connection: usize) -> Rule {
    Rule::new("says-what-came", "it prints what the server says, and nothing else", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        let came = String::from_utf8_lossy(came.get(SIZE..).unwrap_or_default()).trim_end().to_string();
        let printed = record.lines(who).join("\n");
        let cut = came.starts_with(&printed) && printed.len() < came.len();
        // That an answer is not printed at all is told by another rule.
        let kept = printed.trim_end() == came || printed.is_empty() && !came.is_empty();
        Seen::kept_if(
            kept,
            if cut {
                format!("the client printed {printed:?}, a part of the answer {came:?}")
            } else {
                format!(
                    "the client printed {printed:?} when the server had said {}",
                    lab::wire::quoted(came.as_bytes())
                )
            },
        )
    })
}

fn judge(record: &Record) -> Finding {
    let answer = |connection| record.bytes(connection, Way::ToClient).get(32..).map(<[u8]>::to_vec);
    let (honest, changed) = (answer(1), answer(3));
    if changed.as_deref() == Some(PAID_OTHERWISE) {
        Finding::Broke("100 to account 77 was ordered, and 7100 to account 7 was paid, under the same tag".to_string())
    } else if honest.as_deref() != Some(PAID) {
        Finding::Other(
            "an honest order was not paid: its tag is over challenge, length, account, length, amount".to_string(),
        )
    } else if changed.is_some_and(|answer| answer.is_empty()) {
        Finding::Held("the honest order was paid, and the one with the moved boundary was refused".to_string())
    } else {
        Finding::Other("the order with the moved boundary was neither paid nor refused".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut left = bytes;
    let mut take = |most: usize, name: &str| {
        let (taken, rest) = left.split_at(most.min(left.len()));
        if !taken.is_empty() {
            spans.push(Span { length: taken.len(), name: name.to_string() });
        }
        left = rest;
        taken.first().copied().map_or(0, usize::from)
    };
    match way {
        Way::ToClient => {
            take(32, "challenge");
        }
        Way::ToServer => {
            for field in ["account", "amount"] {
                let length = take(1, "length");
                take(length, field);
            }
            take(32, "tag");
        }
    }
    take(usize::MAX, "text");
    spans
}
