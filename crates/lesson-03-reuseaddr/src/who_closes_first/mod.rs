//! `who-closes-first`: three clients are greeted, and the kernel says at whose port the connections are in TIME-WAIT.

use std::net::SocketAddr;

use lab::kernel::State;
use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Who};

use crate::restart::{REHEARSAL, SECOND, is_up};

mod broken;
mod fixed;
mod peer;

const CLIENTS: usize = 3;
/// The client that comes after a restart.
const LATER: Who = Who { number: CLIENTS + 1, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "who-closes-first",
    question: "Who gets the TIME-WAIT, the server or the client?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::SocketTables],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), serve: &["--quiet"], judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    // A play of a minute ago may have had the same port.
    let before = waiting(stage);
    for clients in 1..=CLIENTS {
        let client = stage.talkative_client()?;
        stage.says(client, "hi")?;
        // A server that closes without waiting for the client has done so by now.
        stage.settle()?;
        stage.end_input(client)?;
        stage.ends(client)?;
        stage.settle()?;
        where_they_wait(stage, &before, clients)?;
        if !is_up(stage, SERVER) {
            break; // a server of one's own may be there for one client only
        }
    }
    Ok(())
}

/// The finished server closes first and sets SO_REUSEADDR: what piles up at its port must not keep it from its port.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    play(stage)?;
    stage.kill(SERVER)?;
    let second = stage.server_again()?;
    if is_up(stage, second) {
        stage.step(second, "listens");
        stage.client(&[])?;
        stage.ends(LATER)?;
    }
    Ok(())
}

/// The connections at the server's port, or to it, that are in TIME-WAIT: this end, the other end.
fn waiting(stage: &Stage) -> Vec<(SocketAddr, SocketAddr)> {
    let sockets = stage.sockets().unwrap_or_default();
    let waiting = sockets.iter().filter(|socket| socket.state == State::TimeWait);
    waiting.map(|socket| (socket.local, socket.remote)).collect()
}

/// Says at which end the kernel keeps the connections of these clients in TIME-WAIT, without those from before.
fn where_they_wait(stage: &Stage, before: &[(SocketAddr, SocketAddr)], clients: usize) -> anyhow::Result<()> {
    let port = stage.address()?.port();
    let new: Vec<_> = waiting(stage).into_iter().filter(|ends| !before.contains(ends)).collect();
    if new.len() != clients {
        return Err(Void(format!("{} connections are in TIME-WAIT after {clients} clients", new.len())).into());
    }
    let server = new.iter().filter(|(here, _)| here.port() == port).count();
    let client = new.len() - server;
    stage.fact(SERVER, format!("in TIME-WAIT: {server} at the server's port, {client} at clients' ports"));
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let clients = record.kernel().len();
    if (1..=clients).any(|number| record.lines(Who { number, ..CLIENT }) != ["hi"]) {
        return Finding::Other("not every client was greeted with hi".to_string());
    }
    match record.kernel().last() {
        Some(fact) if fact.contains(&format!(" {clients} at the server's")) => {
            Finding::Broke("the server closed first every time, and all the TIME-WAIT piles up at its port".to_string())
        }
        Some(fact) if fact.contains(&format!(" {clients} at clients'")) => {
            Finding::Held("the server let the client close first, and each client took the TIME-WAIT along".to_string())
        }
        _ => Finding::Other("the server closed first some of the time".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let greeted = (1..=CLIENTS + 1).all(|number| record.lines(Who { number, ..CLIENT }) == ["hi"]);
    let at_server = record.kernel().last().is_some_and(|fact| fact.contains(&format!(" {CLIENTS} at the server's")));
    if greeted && at_server && record.exit(SECOND).is_none() {
        Finding::Held("all the TIME-WAIT is at the server's port, and the server started again beside it".to_string())
    } else {
        Finding::Other(
            "not every client was greeted by a server that closed first, before and after a restart".to_string(),
        )
    }
}
