//! `restart`: a server that closed first is started again while its old connection is in TIME-WAIT.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Who};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
pub(crate) mod peer;
pub(crate) mod rules;

/// The server that is started at the address of the first.
pub(crate) const SECOND: Who = Who { number: 2, ..SERVER };
/// The client that comes after the restart.
pub(crate) const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) const WINDOWS: Need = Need::Unix("Windows lets a server bind while old connections are in TIME-WAIT");

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "restart",
    question: "Why is the address already in use, when the server has ended?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[WINDOWS],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: rules::WIRE,
    forms: |_| forms(),
    finished: Some(REHEARSAL),
    ..lab::EXPERIMENT
};

/// The finished server in the form that ends after one client.
pub(crate) const REHEARSAL: Rehearsal = Rehearsal {
    play: None,
    needs: &[],
    serve: &["--once", "--quiet"],
    connect: &[],
    input: &[],
    judge,
    dissect: lab::dissect_text,
};

fn forms() -> Vec<Form> {
    let chapter = rules::started_again(Form::new("its last connection is in TIME-WAIT", play));
    std::iter::once(chapter).chain(rules::more_forms()).collect()
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.orphans();
    stage.server()?;
    if !greet_and_end(stage, CLIENT, SERVER)? {
        return Ok(());
    }
    let second = rules::again(stage, SECOND)?;
    if is_up(stage, second) {
        stage.step(second, "listens, beside the connection in TIME-WAIT");
        stage.client(&[])?;
        stage.ends(LATER)?;
    }
    Ok(())
}

/// One client is greeted, the server closes first and ends, and its end of the connection is in TIME-WAIT; false where the
/// client was not served.
pub(crate) fn greet_and_end(stage: &mut Stage, client: Who, server: Who) -> anyhow::Result<bool> {
    if !greet(stage, client, server, Stage::kill_group)? {
        return Ok(false);
    }
    rules::who_still_listens(stage, server);
    waits_in_time_wait(stage, server)?;
    Ok(true)
}

/// One client is greeted and the server ends, or is killed in this way; false where the client was not served.
pub(crate) fn greet(
    stage: &mut Stage,
    client: Who,
    server: Who,
    kill: fn(&mut Stage, Who) -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    stage.client(&[])?;
    stage.ends(client)?;
    if stage.record(|record| record.lines(client) != ["hi"]) {
        return Ok(false);
    }
    stage.settle()?;
    // A server of one's own may well go on: then it is ended from outside, as an administrator would.
    if is_up(stage, server) {
        kill(stage, server)?;
    }
    Ok(true)
}

/// Waits until the kernel keeps the server's end of a connection in TIME-WAIT, and says so on the record.
pub(crate) fn waits_in_time_wait(stage: &Stage, server: Who) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let kept = |socket: &Socket| socket.state == State::TimeWait && socket.local.port() == port;
    if !stage.sees(|sockets| sockets.iter().any(kept)) {
        return Err(Void("no connection of the server came into TIME-WAIT".to_string()).into());
    }
    stage.fact(server, "one connection at the server's port, in TIME-WAIT; no process owns it any more");
    Ok(())
}

/// Whether this actor has not ended, and listens if it was started [again](rules::again).
pub(crate) fn is_up(stage: &Stage, who: Who) -> bool {
    stage.record(|record| record.exit(who).is_none() && rules::late(record, who).is_none())
}

/// The actor ended because the address was in use.
pub(crate) fn in_use(record: &Record, who: Who) -> bool {
    let failed = record.exit(who).is_some_and(|exit| !exit.is_success());
    failed && record.complaints(who).iter().any(|line| line.contains("in use"))
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        return Finding::Other("the first client was not greeted with hi".to_string());
    }
    if in_use(record, SECOND) {
        Finding::Broke(
            "the server cannot start again: its own last connection, in TIME-WAIT, keeps the port".to_string(),
        )
    } else if record.lines(LATER) == ["hi"] {
        Finding::Held("the server started again at once and greeted the next client".to_string())
    } else {
        Finding::Other("the second server listens but did not greet a client with hi".to_string())
    }
}
