//! `reset`: one client resets its connection while it is served, and another one while it waits for its turn.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, SERVER, Side, Stage, Void, wire};

use crate::finished;
use crate::forms::{ECHO, at_rest, caller, leave, long, served};
use crate::one_call::{call, peer};

#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "reset",
    question: "Can one client end the server for everybody?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] =
    &[ECHO[0], ECHO[1], ECHO[2], "a client may leave at any time, also by a reset, or before it has read its answers"];

/// What most servers that end with one client do.
const CATCH: &str = "an error of one connection (a reset, a broken pipe, SIGPIPE in C) ends that connection: catch it where \
                     that client is served, close it, and serve the next";

fn forms() -> Vec<Form> {
    let next = || wire::served(CLIENT, ["connected", "hello"]).hint(CATCH);
    vec![
        Form::new("one client resets while it is served, and one while it waits", two_resets)
            .rule(served(1, "the first client", "hi"))
            .rule(next()),
        Form::new("a client leaves before it has read its answer", |stage| leave_early(stage, false)).rule(next()),
        Form::new("a client resets behind 20000 bytes", |stage| leave_early(stage, true)).rule(next()),
        Form::new("a reset while another client is served", one_stays)
            .rule(served(1, "the client that stays", "hiagain").hint(CATCH))
            .rule(next()),
    ]
}

fn two_resets(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    first.send(b"hi");
    first.receive(2);
    let Some(second) = caller(stage) else { return Ok(()) };
    second.reset();
    at_rest(stage, QUIET);
    first.reset();
    at_rest(stage, QUIET);
    next_client(stage)
}

/// So long nothing moves when a server has done what it does.
const QUIET: Duration = Duration::from_millis(200);

/// A caller sends much and is gone before the server reads, so that its answer meets nobody.
fn leave_early(stage: &mut Stage, resets: bool) -> anyhow::Result<()> {
    stage.server()?;
    for _ in 0..2 {
        // Where the system has no such signal it may have read a part by then.
        let stopped = stage.pause(SERVER).is_ok();
        let gone = caller(stage).map(|mut gone| {
            gone.send(&long(b'a'));
            if resets {
                gone.reset();
            } else {
                gone.half_close();
            }
        });
        if stopped {
            stage.resume(SERVER)?;
        }
        if gone.is_none() {
            return Ok(());
        }
        at_rest(stage, QUIET);
    }
    next_client(stage)
}

fn one_stays(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut stays) = caller(stage) else { return Ok(()) };
    stays.send(b"hi");
    stays.receive(2);
    let Some(goes) = caller(stage) else { return Ok(()) };
    goes.reset();
    at_rest(stage, QUIET);
    stays.send(b"again");
    stays.receive(5);
    leave(stays);
    next_client(stage)
}

fn next_client(stage: &mut Stage) -> anyhow::Result<()> {
    call(stage, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    // The finished server writes its log while its client prints.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    let mut served = stage.attacker()?;
    served.send(b"hi");
    if served.receive(2).len() < 2 {
        return Err(Void("the server did not answer the first connection".to_string()).into());
    }
    stage.attacker()?.reset();
    stage.settle()?;
    served.reset();
    stage.settle()?;
    call(stage, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == ["connected", "hello"] {
        Finding::Held("two clients reset their connections, and the next one was served".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke(
            "a client reset its connection, the server ended with that error, and the next client was refused"
                .to_string(),
        )
    } else {
        Finding::Other("the server did not end, but the next client was not served".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["hello"]);
    finished::finding(served, "two clients reset their connections, and the next one was served")
}
