//! `same-network`: a server decides by the text of an address whether it belongs to a network.

use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Rehearsal, Role, Script, Side, Stage, Way};

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
