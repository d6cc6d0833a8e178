//! `same-network`: a server decides by the text of an address whether it belongs to a network.

use lab::{CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Script, Side, Stage, Way};

use crate::requests::{self, Exchange};

mod broken;
mod fixed;
pub(crate) mod peer;

/// 172.16.0.0/12 ends at 172.31.255.255: two hosts inside, two outside.
const HOSTS: [&str; 4] = ["172.16.0.9", "172.20.1.1", "172.160.1.1", "10.0.0.1"];
const ANSWERS: &[u8] = b"yes\nyes\nno\nno\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "same-network",
    question: "Which addresses are in 172.16.0.0/12?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        needs: &[Need::Linux("it is Linux that lets a client come from any address of 127.0.0.0/8")],
        serve: &["--allow", "127.16.0.0/12"],
        connect: &["--from", "127.20.1.1"],
        input: &[],
        judge: judge_finished,
        dissect: lab::dissect_lines,
    }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> IPv4 addresses as text, 7 to 15 bytes, each ended by a newline; in any pieces, several at once",
    "<- for each \"yes\" or \"no\" and a newline, as soon as its own newline has come: is it in 172.16.0.0/12?",
    "a client may wait up to 5 s for an answer before it sends more",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// The ends of the network, and addresses that look as if they were inside.
const EDGES: &Exchange = &[
    ("172.15.255.255", "no"),
    ("172.16.0.0", "yes"),
    ("172.31.255.255", "yes"),
    ("172.32.0.0", "no"),
    ("172.2.0.1", "no"),
    ("172.200.0.1", "no"),
    ("172.24.0.1", "yes"),
    ("17.216.0.1", "no"),
    ("173.16.0.1", "no"),
    ("16.172.0.1", "no"),
];
const CHAPTERS: &Exchange = &[("172.16.0.9", "yes"), ("172.20.1.1", "yes"), ("172.160.1.1", "no"), ("10.0.0.1", "no")];

fn forms() -> Vec<Form> {
    vec![
        requests::asked("two hosts inside, two outside", CHAPTERS),
        requests::asked("the ends of the network", EDGES),
        requests::pieces("ten requests at once", EDGES, &[]),
        requests::pieces("cut inside an address, and after one and a part of the next", EDGES, &[5, 20, 35]),
        requests::next_client("a second client after the first", CHAPTERS),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&HOSTS)?;
    stage.ends(CLIENT)
}

/// Without the relay, from which the server would see its clients come.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    if answers == ANSWERS {
        Finding::Held("both hosts of the network are let in, both strangers are not".to_string())
    } else if answers == b"yes\nno\nyes\nno\n" {
        Finding::Broke(
            "172.20.1.1, which is in the network, is turned away, and 172.160.1.1, which is not, is let in".to_string(),
        )
    } else if answers.split(|byte| *byte == b'\n').any(|line| !matches!(line, b"yes" | b"no" | b"")) {
        Finding::Other("an answer is neither yes nor no".to_string())
    } else {
        let given = answers.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let pairs: Vec<String> = HOSTS.iter().zip(given).map(|(host, line)| told(host, line)).collect();
        Finding::Other(if pairs.len() < HOSTS.len() {
            format!("the server answered {} of {} requests", pairs.len(), HOSTS.len())
        } else {
            format!("the answers are {}", pairs.join(", "))
        })
    }
}

fn told(host: &str, line: &[u8]) -> String {
    format!("{} for {host}", if line == b"yes" { "yes" } else { "no" })
}

fn judge_finished(record: &Record) -> Finding {
    if record.lines(CLIENT).iter().any(|line| line.ends_with("you come from 127.20.1.1 (loopback): welcome")) {
        Finding::Held("a client from 127.20.1.1 is let into 127.16.0.0/12: the mask decides".to_string())
    } else {
        Finding::Other("a client from 127.20.1.1 is not let into 127.16.0.0/12".to_string())
    }
}
