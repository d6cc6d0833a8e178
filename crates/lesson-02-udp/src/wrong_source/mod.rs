//! `wrong-source`: a host with two addresses is asked at the second, and answers from the first.

use std::net::{Ipv4Addr, SocketAddr};

use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

use crate::finished;

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
    needs: &[Need::Linux("elsewhere the loopback interface has the one address 127.0.0.1 and no second")],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

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
