//! `full-queue`: a server serves one client, its queue is filled up, and one more client connects.

use std::time::Duration;

use anyhow::Context;
use lab::kernel::{Socket, State};
use lab::{
    Attacker, CLIENT, Cast, Check, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Void,
};

use crate::finished::{self, STAMP};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever a read gives")]
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "full-queue",
    question: "What does a client see when the server does not accept?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    // Windows refuses where Linux says nothing, and only Linux says when the queue is full.
    needs: &[Need::SocketTables],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal {
        serve: &["--clients", "1", "--clock", "2026-02-03T09:05:00"],
        connect: &["--attempt", "0.4", "--give-up", "0.4"],
        play: Some(play_finished),
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        // It may wait for some seconds before it gives up.
        Cast::Yours(_) => stage.patience(Duration::from_secs(6)),
        Cast::Fixed | Cast::Finished => stage.patience(Duration::from_millis(400)),
    }
    stage.lockstep();
    stage.server()?;
    let served = take_the_server(stage)?;
    let waiting = fill_the_queue(stage, 0)?;
    knock(stage)?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.hung(CLIENT).is_some()) {
        // The SYN is repeated: as soon as the server accepts again, the client gets in.
        waiting.into_iter().chain([served]).for_each(|attacker| stage.keep(attacker));
    }
    Ok(())
}

/// The finished server, told to serve one client, accepts a second and lets it wait.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.patience(Duration::from_millis(600));
    stage.lockstep();
    stage.server()?;
    let mut served = stage.attacker()?;
    served.send(b"first");
    if served.receive(STAMP + 5).len() != STAMP + 5 {
        return Err(Void("the first client was not served".to_string()).into());
    }
    let waiting = fill_the_queue(stage, 1)?;
    knock(stage)?;
    stage.ends(CLIENT)?;
    waiting.into_iter().chain([served]).for_each(|attacker| stage.keep(attacker));
    Ok(())
}

/// The client connects, and is not answered.
fn knock(stage: &mut Stage) -> anyhow::Result<()> {
    stage.client(&[])?;
    let server = stage.address()?.port();
    let knocks = |socket: &Socket| socket.state == State::SynSent && socket.remote.port() == server;
    let knocked = stage.sees(|sockets| sockets.iter().any(knocks));
    if !knocked {
        return Err(Void("the client was not seen in SYN-SENT".to_string()).into());
    }
    stage.fact(CLIENT, "its connection is in SYN-SENT: the kernel of the server drops the SYN and says nothing");
    Ok(())
}

/// One client is served: from then on the server does not accept.
fn take_the_server(stage: &mut Stage) -> anyhow::Result<Attacker> {
    let mut served = stage.attacker()?;
    served.send(b"first");
    if served.receive(5) != b"first" {
        return Err(Void("the first client was not served".to_string()).into());
    }
    Ok(served)
}

/// Connects until the kernel says that the queue is full. The server accepts so many before it stops.
fn fill_the_queue(stage: &mut Stage, accepted: usize) -> anyhow::Result<Vec<Attacker>> {
    let mut waiting = Vec::new();
    loop {
        waiting.push(stage.attacker()?);
        let queued = waiting.len().saturating_sub(accepted);
        let in_queue = |sockets: &[Socket]| listener(sockets).is_some_and(|socket| socket.unread as usize == queued);
        if !stage.sees(in_queue) {
            return Err(Void("a connection did not come into the queue".to_string()).into());
        }
        let sockets = stage.sockets().context("the socket tables can be read")?;
        let Some(queue) = listener(&sockets) else { continue };
        if queue.unread > queue.unacknowledged {
            let backlog = queue.unacknowledged;
            stage.fact(
                SERVER,
                format!("{queued} connections are ESTABLISHED and wait for accept; the backlog is {backlog}"),
            );
            return Ok(waiting);
        }
    }
}

fn listener(sockets: &[Socket]) -> Option<&Socket> {
    sockets.iter().find(|socket| socket.state == State::Listen)
}

fn judge(record: &Record) -> Finding {
    if record.hung(CLIENT).is_some() {
        Finding::Broke("the queue is full, the client's SYN is dropped, and connect has no deadline".to_string())
    } else if record.exit(CLIENT).is_some_and(|exit| !exit.is_success()) {
        Finding::Held("connect gave up at its deadline, and the client said so".to_string())
    } else {
        Finding::Other("the client ended as if it had been served".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let said = record.complaints(CLIENT).last().is_some_and(|line| line.contains("a server that is full"));
    if said && record.exit(CLIENT).is_some_and(|exit| !exit.is_success()) {
        Finding::Held("the client gave up when its time was over, and said what the reason may be".to_string())
    } else {
        Finding::Other("the client did not give up with an error that names a full server".to_string())
    }
}
