//! `wrong-source`: a host with two addresses is asked at the second, and answers from the first.

use std::net::{Ipv4Addr, SocketAddr};

use lab::{CLIENT, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Who};

use crate::finished;
use crate::rules::{client, clients_may_fail};

mod broken;
mod fixed;
mod peer;

/// The address at which the client asks. The server was told the first, 127.0.0.1.
const ASKED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "wrong-source",
    question: "The server has answered. Why does the client not get it?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[
        Need::Linux("elsewhere the loopback interface has the one address 127.0.0.1 and no second"),
        Need::SocketTables,
    ],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "this host has the addresses 127.0.0.1 and 127.0.0.2: serve both, at the port {port}; {host} is the first",
        "-> any datagram, to either address, the next one when the one before was answered",
        "<- hi, within 3 seconds, from the address and the port that were asked",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    const FIRST: Ipv4Addr = Ipv4Addr::LOCALHOST;
    vec![
        asked("asked at the second address", &[(ASKED, &["hello"])]),
        asked("asked at the first address, again and again", &[(FIRST, &["hello", "egg"]), (FIRST, &["hello"])]),
        asked(
            "asked at the second address, then at the first, then at the second",
            &[(ASKED, &["hello", "egg"]), (FIRST, &["hello", "egg"]), (ASKED, &["hello"])],
        ),
    ]
}

/// A client at this address that is typed these lines.
type Visit = (Ipv4Addr, &'static [&'static str]);

fn asked(name: &str, visits: &'static [Visit]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        let port = stage.address()?.port();
        for (address, lines) in visits {
            stage.server_at(SocketAddr::from((*address, port)));
            let client = stage.client(lines)?;
            stage.ends(client)?;
        }
        Ok(())
    });
    let rule = |name, requires: &str, look: fn(&Heard) -> Option<String>| {
        Rule::new(name, requires, move |record| {
            let heard =
                visits.iter().zip(1..).flat_map(|((address, _), number)| heard(record, client(number), *address));
            match heard.into_iter().find_map(|heard| look(&heard)) {
                Some(seen) => Seen::Violated(seen),
                None => Seen::Kept,
            }
        })
    };
    let hint = "a socket that is bound to all addresses answers from the one that the route takes: bind a socket to each address \
                and answer with the one that received (or use IP_PKTINFO)";
    clients_may_fail(form, visits.len())
        .rule(
            rule("asked-address", "the answer comes from the address that was asked", |heard| {
                let from = heard.strayed.iter().find(|from| **from != heard.asked)?;
                Some(format!("asked at {}, the server answered from {from}", heard.asked))
            })
            .hint(hint),
        )
        .rule(
            rule("asked-port", "the answer comes from the port that was asked", |heard| {
                let from = heard.strayed.iter().find(|from| **from == heard.asked)?;
                Some(format!("asked at {}, the server answered from {from} and another port", heard.asked))
            })
            .hint("answer with the socket that received the question"),
        )
        .rule(
            rule("is-answered", "every datagram is answered", |heard| {
                let silent = heard.strayed.is_empty() && heard.answer.is_none();
                silent.then(|| format!("asked at {}, the server sent nothing back", heard.asked))
            })
            .hint("serve both addresses, and wait for both at the same time"),
        )
        .rule(rule("says-hi", "the answer is hi", |heard| {
            let other = heard.answer.as_deref().filter(|answer| *answer != "hi")?;
            Some(format!("the answer is {other:?}; expected: \"hi\""))
        }))
}

/// What a client heard after one question.
struct Heard {
    asked: String,
    /// From where datagrams came that it threw away.
    strayed: Vec<String>,
    answer: Option<String>,
}

/// What a client heard, by what it printed.
fn heard(record: &Record, who: Who, address: Ipv4Addr) -> Vec<Heard> {
    let mut all: Vec<Heard> = Vec::new();
    for line in record.lines(who) {
        let answer = line.strip_prefix(&format!("{address} answers: "));
        if line.starts_with("asks ") {
            all.push(Heard { asked: address.to_string(), strayed: Vec::new(), answer: None });
        } else if let Some(heard) = all.last_mut() {
            heard.strayed.extend(line.strip_prefix("throws away an answer from ").map(ToString::to_string));
            heard.answer = heard.answer.take().or(answer.map(ToString::to_string));
        }
    }
    all
}

/// Without a relay: it would answer from the address that was asked, whatever the server does.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.lockstep();
    stage.server()?;
    stage.server_at(SocketAddr::from((ASKED, stage.address()?.port())));
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let lines = record.lines(CLIENT);
    if lines.contains(&"throws away an answer from 127.0.0.1") && record.hung(CLIENT).is_some() {
        Finding::Broke(
            "asked at 127.0.0.2, the server answered from 127.0.0.1, which the client never asked".to_string(),
        )
    } else if lines == ["asks 127.0.0.2", "127.0.0.2 answers: hi"] {
        Finding::Held("asked at 127.0.0.2, the server answered from 127.0.0.2".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Other("the server ended".to_string())
    } else if lines.len() > 1 {
        Finding::Other("the client got an answer, but not the datagram hi from 127.0.0.2".to_string())
    } else {
        Finding::Other(
            "nobody answered at 127.0.0.2: the server is to serve it beside 127.0.0.1, at the same port".to_string(),
        )
    }
}

/// The finished server listens at the one address that it was told, and takes no address that stands for all of them.
fn judge_finished(record: &Record) -> Finding {
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("nobody receives datagrams"));
    let failed = record.exit(CLIENT).is_some_and(|exit| !exit.is_success());
    if told && failed && record.lines(CLIENT).is_empty() && record.exit(SERVER).is_none() {
        Finding::Held("the server does not receive at 127.0.0.2, and the client was told so at once".to_string())
    } else {
        Finding::Other("asked at 127.0.0.2, the client was not told that nobody receives there".to_string())
    }
}
