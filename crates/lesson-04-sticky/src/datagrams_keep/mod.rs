//! `datagrams-keep`: the two messages of `joined`, sent as datagrams to the reader of `divided`.

use std::thread;
use std::time::Duration;

use lab::{
    CLIENT, Check, DatagramAttacker, Experiment, Fate, Fates, Finding, Form, Need, Record, Role, Rule, SERVER, Seen,
    Side, Stage, Way, What, wire,
};

use crate::joined::{INPUT, forms};

mod broken;
mod fixed;
mod peer;

const ANSWERS: &[&[u8]] = &[b"-----> hello", b"-----> egg"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "datagrams-keep",
    question: "Does UDP keep the messages apart?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("on Windows a receive with too little room is an error, so nothing is lost unnoticed")],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "UDP -> each message is one datagram: 1 to 1024 bytes of UTF-8 text, blanks included, without a newline",
    "UDP <- for each, one datagram to its sender, within 3 s: \"-----> \" and the message, without a newline",
    "a datagram of more than 1024 bytes: answered whole or not at all",
    "several clients may send at the same time; the server keeps running",
];

/// What most servers do that answer less than was sent.
const ROOM: &str = "a receive gives one datagram and throws away what does not fit in the buffer: give it room for the \
                    longest datagram and one byte more, and look at the length";

fn forms() -> Vec<Form> {
    let long = "x".repeat(300);
    let longest = "y".repeat(1024);
    let answers = |input: &[&str]| input.iter().map(|text| format!("-----> {text}").into_bytes()).collect::<Vec<_>>();
    let together = |name: &str, input: &[&str]| {
        let typed: Vec<String> = input.iter().map(ToString::to_string).collect();
        let form = Form::new(name, move |stage: &mut Stage| {
            both_come_together(stage, &typed.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let form = answers(input).into_iter().fold(form, |form, answer| form.wanted(1, Way::ToClient, answer));
        form.rule(answered(1, answers(input)))
    };
    vec![
        together("both datagrams before the first is read", INPUT),
        together("300, 1024 and 1 bytes", &[&long, &longest, "z"]),
        together("blanks at both ends", forms::BLANKS).hint("datagrams", forms::STRIPS),
        Form::new("a datagram that is too long", too_long).rule(whole_or_not_at_all()).rule(answered_last()),
        Form::new("two clients at the same time", two_at_once)
            .rule(answered(1, answers(&["left"])))
            .rule(answered(2, answers(&["right"]))),
    ]
}

fn too_long(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    let mut peer = stage.datagram_attacker()?;
    peer.send(SERVER, &[b'x'; LONG])?;
    peer.send(SERVER, b"hello")?;
    waits(stage, &mut [(&mut peer, LAST)]);
    Ok(())
}

fn two_at_once(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    let (mut left, mut right) = (stage.datagram_attacker()?, stage.datagram_attacker()?);
    left.send(SERVER, b"left")?;
    right.send(SERVER, b"right")?;
    waits(stage, &mut [(&mut left, b"-----> left"), (&mut right, b"-----> right")]);
    Ok(())
}

/// More than any message has, bytes.
const LONG: usize = 1500;
const LAST: &[u8] = b"-----> hello";

/// Waits until each of these clients has got this answer, or for 3 s; and then for what else may come.
fn waits(stage: &Stage, peers: &mut [(&mut DatagramAttacker, &[u8])]) {
    const LOOK: Duration = Duration::from_millis(20);
    let mut waiting: Vec<_> = peers.iter_mut().collect();
    for _ in 0..150 {
        waiting.retain_mut(|(peer, answer)| !peer.received().iter().any(|came| came == answer));
        if waiting.is_empty() || stage.record(|record| record.exit(SERVER).is_some()) {
            break;
        }
        thread::park_timeout(LOOK);
    }
    thread::park_timeout(LOOK);
    for (peer, _) in peers {
        peer.received();
    }
}

/// The datagrams that came back on a connection are these, in any order.
fn answered(connection: usize, expected: Vec<Vec<u8>>) -> Rule {
    let requires = match expected.len() {
        1 => "the datagram is answered with one, to its sender".to_string(),
        number => format!("each of the {number} datagrams is answered with one"),
    };
    Rule::new("datagrams", requires, move |record| {
        let mut missing = expected.clone();
        for came in record.datagrams(connection, Way::ToClient) {
            match missing.iter().position(|answer| *answer == came) {
                Some(place) => drop(missing.remove(place)),
                None => {
                    let part = missing.iter().find(|answer| answer.starts_with(&came));
                    let expected = part.map(|answer| format!("; expected: {}", wire::quoted(answer)));
                    return Seen::Violated(format!(
                        "{} came back{}",
                        wire::quoted(&came),
                        expected.unwrap_or_default()
                    ));
                }
            }
        }
        match missing.first() {
            None => Seen::Kept,
            Some(answer) => Seen::Violated(format!("{} never came back to its sender", wire::quoted(answer))),
        }
    })
    .hint(ROOM)
}

fn whole_or_not_at_all() -> Rule {
    Rule::new("whole", "a datagram that is too long is answered whole or not at all", |record| {
        let whole = |bytes: &[u8]| bytes == LAST || bytes == [b"-----> ", &[b'x'; LONG][..]].concat();
        match record.datagrams(1, Way::ToClient).iter().find(|bytes| !whole(bytes)) {
            None => Seen::Kept,
            Some(part) => Seen::Violated(format!("of {LONG} bytes came back {}", wire::quoted(part))),
        }
    })
    .hint(ROOM)
}

fn answered_last() -> Rule {
    Rule::new("datagrams", "the datagram after it is answered", |record| {
        let came = record.datagrams(1, Way::ToClient).iter().any(|bytes| bytes == LAST);
        Seen::kept_if(came, "the message after the one that was too long was not answered")
    })
}

fn both_come_together(stage: &mut Stage, input: &[&str]) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: vec![Fate::Wait], to_client: Vec::new() })?;
    stage.client(input)?;
    stage.ends(CLIENT)
}

/// The first datagram is held back until the second has come as well: as in `joined`, they come together.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    both_come_together(stage, INPUT)
}

fn judge(record: &Record) -> Finding {
    let answers: Vec<&[u8]> = record
        .on(1)
        .filter_map(|event| match &event.what {
            What::Datagram { way: Way::ToClient, bytes } => Some(&bytes[..]),
            _ => None,
        })
        .collect();
    if answers == ANSWERS {
        Finding::Held("two sends were two datagrams and two receives: UDP keeps messages apart".to_string())
    } else if answers == [&b"-----> he"[..], b"-----> eg"] {
        Finding::Broke(
            "UDP kept the messages apart, but what had no room in the buffer never came: llo and g are lost"
                .to_string(),
        )
    } else {
        Finding::Other(match answers.len() {
            0 => "no message was acknowledged: each is to be answered with one datagram, \"-----> \" and the message"
                .to_string(),
            1 => "1 message was acknowledged, and not as it should be".to_string(),
            n => format!("{n} messages were acknowledged, and not as they should be"),
        })
    }
}
