//! `who-closes-first`: three clients are greeted, and the kernel says at whose port the connections are in TIME-WAIT.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use lab::kernel::{Socket, State};
use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
    Void, Who,
};

use crate::restart::rules::{self, hi, number_before};
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
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), serve: &["--quiet"], judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    rules::WIRE[0],
    "<- \"hi\", 2 bytes, within 5 s; then wait until the client has ended its stream, and close",
    "the client may stay for 3 s, and may say something more, 1000 bytes at most, before it ends its stream;",
    "it may also reset the connection",
    "then the next client is served: one client after the other is enough",
];

fn forms() -> Vec<Form> {
    let ruled = |form: Form| form.rule(client_closes_first()).rule(no_reset());
    let greeted = Rule::new("served", "every client is greeted with \"hi\"", |record| {
        let came = (1..).map(|number| Who { number, ..CLIENT });
        let not = came.take(record.kernel().len().max(1)).find(|client| record.lines(*client) != ["hi"]);
        Seen::kept_if(not.is_none(), format!("the {} is not greeted with \"hi\"", not.unwrap_or(CLIENT)))
    });
    let talks = Form::new("a client that says something more before it leaves", says_bye);
    let after_a_reset = Form::new("a client after one that reset its connection", after_a_reset);
    vec![
        ruled(Form::new("three clients", play).rule(greeted)),
        ruled(Form::new("a client that stays for 1.5 s", stays)),
        ruled(talks.rule(hi(1))).hint(
            "no-reset",
            "read what the client says until its end: closing before, or with bytes unread, resets the connection",
        ),
        after_a_reset.rule(hi(1)).rule(hi(2)),
        rules::in_pieces(hi(1)),
    ]
}

/// What the last look at the kernel's table said: clients so far, connections in TIME-WAIT at the server's port and at
/// the clients'.
fn last_look(record: &Record) -> Option<[usize; 3]> {
    let fact = *record.kernel().last()?;
    Some([record.kernel().len(), number_before(fact, " at the server's")?, number_before(fact, " at clients'")?])
}

fn client_closes_first() -> Rule {
    Rule::new("client-closes-first", "the client closes first: no TIME-WAIT stays at the server's port", |record| {
        match last_look(record) {
            Some([clients, server, _]) if server > 0 => Seen::Violated(format!(
                "{server} of {clients} connections wait in TIME-WAIT at the server's port: there it was your server that \
                 closed first"
            )),
            Some(_) => Seen::Kept,
            None => Seen::Unknown("no client came to its end".to_string()),
        }
    })
    .hint("after the greeting read until the client's end of stream, an empty read, and close only then")
}

fn no_reset() -> Rule {
    Rule::new("no-reset", "every connection is closed and not reset", |record| match last_look(record) {
        Some([clients, server, client]) if server + client < clients => Seen::Violated(format!(
            "{} of {clients} connections are in TIME-WAIT at one of their ends: one was reset, or is not closed yet",
            server + client
        )),
        Some(_) => Seen::Kept,
        None => Seen::Unknown("no client came to its end".to_string()),
    })
    .hint("close without SO_LINGER: a reset leaves no TIME-WAIT, and may take the greeting along")
}

fn stays(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let before = waiting(stage);
    let client = stage.talkative_client()?;
    stage.says(client, "hi")?;
    stage.step(client, "stays for 1.5 s");
    thread::park_timeout(Duration::from_millis(1500));
    stage.end_input(client)?;
    stage.ends(client)?;
    stage.settle()?;
    where_they_wait(stage, &before, 1).map(|_| ())
}

fn says_bye(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let before = waiting(stage);
    let mut guest = rules::guest(stage, 2)?;
    for said in [b"bye!".to_vec(), vec![b'.'; 900]] {
        if server_has_ended_first(stage)? {
            break;
        }
        guest.send(&said);
        thread::park_timeout(Duration::from_millis(700));
    }
    guest.half_close();
    guest.receive_all(100);
    drop(guest);
    stage.settle()?;
    where_they_wait(stage, &before, 1).map(|_| ())
}

/// What it says then would be answered by a reset, which takes the TIME-WAIT away.
fn server_has_ended_first(stage: &Stage) -> anyhow::Result<bool> {
    let port = stage.address()?.port();
    let ended = |socket: &Socket| socket.remote.port() == port && socket.state == State::CloseWait;
    Ok(stage.sockets().unwrap_or_default().iter().any(ended))
}

fn after_a_reset(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    rules::guest(stage, 2)?.reset();
    let mut guest = rules::guest(stage, 2)?;
    guest.half_close();
    guest.receive_all(100);
    Ok(())
}

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
        if !where_they_wait(stage, &before, clients)? || !is_up(stage, SERVER) {
            break;
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

/// Says at which end the kernel keeps the connections of these clients in TIME-WAIT, without those from before, and
/// whether it is all of them.
fn where_they_wait(stage: &Stage, before: &[(SocketAddr, SocketAddr)], clients: usize) -> anyhow::Result<bool> {
    let port = stage.address()?.port();
    let new: Vec<_> = waiting(stage).into_iter().filter(|ends| !before.contains(ends)).collect();
    let all = new.len() == clients;
    if !all && !matches!(stage.cast(), Cast::Yours(_)) {
        return Err(Void(format!("{} connections are in TIME-WAIT after {clients} clients", new.len())).into());
    }
    let server = new.iter().filter(|(here, _)| here.port() == port).count();
    let client = new.len() - server;
    stage.fact(SERVER, format!("in TIME-WAIT: {server} at the server's port, {client} at clients' ports"));
    Ok(all)
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
