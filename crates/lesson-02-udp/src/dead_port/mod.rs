//! `dead-port`: the server answers once and goes; then it is asked again.

use std::net::UdpSocket;

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

use crate::finished;

mod broken;
mod fixed;
pub(crate) mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "dead-port",
    question: "The server has gone. Does its client notice?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("Windows tells a socket without a peer as well, as ConnectionReset")],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

/// Without a relay: it would be there when the server has gone.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    answered_and_gone(stage)?;
    let _deaf = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

/// The client has the answer to its first datagram; then the server is killed.
pub(crate) fn answered_and_gone(stage: &mut Stage) -> anyhow::Result<()> {
    // A program of one's own need not print anything.
    if !matches!(stage.cast(), Cast::Yours(_)) {
        stage.says(CLIENT, "one")?;
    }
    stage.settle()?;
    stage.kill(SERVER)
}

/// A socket that keeps the server's port from everybody else and hears nobody but itself: to all others the port is dead.
pub(crate) fn deaf(stage: &Stage) -> anyhow::Result<UdpSocket> {
    let socket = UdpSocket::bind(stage.address()?)?;
    socket.connect(stage.address()?)?;
    Ok(socket)
}

fn judge(record: &Record) -> Finding {
    match record.exit(CLIENT) {
        None if record.hung(CLIENT).is_some() => Finding::Broke(
            "the server has gone, and the client waits for its answer for ever: it was not told that nobody has the port"
                .to_string(),
        ),
        Some(exit) if exit.is_success() => Finding::Other(
            "the client ended as if its last line had been answered: let it end with an exit status other than 0"
                .to_string(),
        ),
        Some(Exit::Status(_)) => Finding::Held(held(record).to_string()),
        _ => Finding::Other("the client did not end by itself".to_string()),
    }
}

fn held(record: &Record) -> &'static str {
    match record.cast {
        Cast::Yours(_) => "the server has gone, and the client ended with an error",
        _ => "the server has gone, and the client was told: nobody has the port",
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("nobody receives datagrams"));
    finished::finding(told && record.lines(CLIENT).len() == 1, held(record))
}
