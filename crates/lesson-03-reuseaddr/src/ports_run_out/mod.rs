//! `ports-run-out`: a client that may use four ports says hello five times.

use lab::kernel::{self, State};
use lab::{CLIENT, Check, Experiment, Finding, Record, Side, Stage};

mod broken;
mod fixed;
mod peer;

/// The ports that the client has.
const PORTS: usize = 4;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ports-run-out",
    question: "Why can my client not connect any more, although the server is well?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::No("a client of your own may use all ports of the kernel, and those do not run out here"),
    play,
    judge,
    dissect: lab::dissect_text, // its client says hello once
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let client = stage.talkative_client()?;
    for hello in 1..=PORTS {
        stage.type_line(client, "hello")?;
        let greeted = |record: &Record| record.lines(client).len() >= hello || record.exit(client).is_some();
        stage.wait("the client prints each greeting", greeted)?;
    }
    if kernel::sees_sockets() {
        let server = stage.address()?.port();
        let sockets = stage.sockets().unwrap_or_default();
        let own = sockets.iter().filter(|socket| socket.state == State::Established && socket.remote.port() == server);
        stage.fact(client, format!("the client has taken {} of its {PORTS} ports", own.count()));
    }
    stage.type_line(client, "hello")?;
    stage.end_input(client)?;
    stage.ends(client)
}

fn judge(record: &Record) -> Finding {
    let greeted = record.lines(CLIENT).iter().filter(|line| **line == "hi").count();
    let failed = record.exit(CLIENT).is_some_and(|exit| !exit.is_success());
    if greeted == PORTS && failed {
        Finding::Broke("every hello took a port of its own, and for the fifth there was none left".to_string())
    } else if greeted == PORTS + 1 && !failed {
        Finding::Held("one connection was enough for all five, and so was one port".to_string())
    } else {
        Finding::Other("the client was not greeted with hi for every line".to_string())
    }
}
