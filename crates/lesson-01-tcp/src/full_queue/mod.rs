//! `full-queue`: a server serves one client, its queue is filled up, and one more client connects.

use std::time::{Duration, Instant};

use anyhow::Context;
use lab::kernel::{Socket, State};
use lab::{
    Allowed, Attacker, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule,
    SERVER, Seen, Side, Stage, Void,
};

use crate::finished::{self, STAMP};
use crate::forms::pause;
use crate::ignored_connect::{HELLO, served};

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
    wire: HELLO,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        serve: &["--clients", "1", "--backlog", "128", "--clock", "2026-02-03T09:05:00"],
        connect: &["--attempt", "0.4", "--give-up", "0.4"],
        play: Some(play_finished),
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

/// What is seen of a client that waits for connect.
const SYN_SENT: &str = "its connection is in SYN-SENT: the kernel of the server drops the SYN and says nothing";

fn forms() -> Vec<Form> {
    let gives_up = |form: Form| form.rule(fails()).allow(Allowed::Fails(CLIENT)).allow(Allowed::Hangs(CLIENT));
    vec![
        gives_up(Form::new("the queue of the server is full", |stage| {
            stage.server()?;
            let served = take_the_server(stage)?;
            let waiting = fill_the_queue(stage, 0)?;
            stage.client(&[])?;
            if knocks(stage)? {
                stage.fact(CLIENT, SYN_SENT);
            }
            gives_up_or_not(stage)?;
            waiting.into_iter().chain([served]).for_each(|attacker| stage.keep(attacker));
            Ok(())
        }))
        .struck_if(|record| match record.kernel().contains(&SYN_SENT) {
            true => Ok(()),
            false => {
                Err("your client was not seen to wait in connect, so this says nothing of its time limit".to_string())
            }
        }),
        gives_up(Form::new("in the queue, and never accepted", |stage| {
            stage.server()?;
            let served = take_the_server(stage)?;
            stage.client(&[])?;
            gives_up_or_not(stage)?;
            stage.keep(served);
            Ok(())
        })),
        served(),
    ]
}

/// Waits for the end of a client that may try again and again, but not for long.
fn gives_up_or_not(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.exits(CLIENT).is_err() {
        stage.step(CLIENT, "has not come to its end after 10 seconds");
    }
    Ok(())
}

fn fails() -> Rule {
    Rule::new("fails", "the client gives up in time, with an error status", |record| match record.exit(CLIENT) {
        Some(Exit::Status(0)) => Seen::Violated("the client ended with status 0, as if it had been served".to_string()),
        Some(_) => Seen::Kept,
        None => Seen::Violated("the server does not accept, and the client still waits".to_string()),
    })
    .hint(
        "connect waits for minutes by itself: give it a time limit (settimeout before connect, connect_timeout, or a \
           non-blocking socket and poll), and the wait for the answer another",
    )
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        _ => stage.patience(Duration::from_millis(400)),
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
    if !knocks(stage)? {
        return Err(Void("the client was not seen in SYN-SENT".to_string()).into());
    }
    stage.fact(CLIENT, SYN_SENT);
    Ok(())
}

/// Waits until the client is in SYN-SENT, or has ended, and says whether it was that.
fn knocks(stage: &mut Stage) -> anyhow::Result<bool> {
    let server = stage.address()?.port();
    let knocks = |socket: &Socket| socket.state == State::SynSent && socket.remote.port() == server;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(10) {
        if stage.sockets().is_some_and(|sockets| sockets.iter().any(knocks)) {
            return Ok(true);
        }
        if stage.memory(CLIENT).is_none() {
            break;
        }
        pause(Duration::from_millis(1));
    }
    Ok(false)
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
