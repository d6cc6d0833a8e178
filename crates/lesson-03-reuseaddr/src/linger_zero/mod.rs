//! `linger-zero`: a way to have no TIME-WAIT that throws away what was said last.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Way};

use crate::restart::{REHEARSAL, waits_in_time_wait};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "linger-zero",
    question: "Does SO_LINGER with 0 seconds get rid of TIME-WAIT?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let client = stage.talkative_client()?;
    // The server has written everything and closed, and the client has read nothing.
    if matches!(stage.cast(), Cast::Yours(_)) {
        stage.settle()?;
    } else {
        stage.exits(SERVER)?;
    }
    let pending = what_is_left(stage)?;
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)?;
    if pending { waits_in_time_wait(stage, SERVER) } else { Ok(()) }
}

/// Two bytes are never left over, but how the finished server closes can be seen on the wire.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    stage.exits(SERVER)?;
    stage.settle()?;
    if stage.record(|record| record.reset(1, Way::ToClient)) { Ok(()) } else { waits_in_time_wait(stage, SERVER) }
}

/// Looks what the kernel still has of the server's end, says so on the record, and whether there is anything.
fn what_is_left(stage: &Stage) -> anyhow::Result<bool> {
    if !kernel::sees_sockets() {
        return Ok(false);
    }
    let port = stage.address()?.port();
    let connection = |socket: &&Socket| socket.local.port() == port && socket.state != State::Listen;
    let left = stage.sockets().unwrap_or_default();
    let Some(end) = left.iter().find(connection) else {
        stage.fact(SERVER, "nothing is left of the server's end: no TIME-WAIT, and no bytes to be sent either");
        return Ok(false);
    };
    if end.state != State::FinWait1 || end.unacknowledged == 0 {
        return Err(Void(format!("the server's end is {} before the client reads", end.state)).into());
    }
    stage.fact(SERVER, "the server's end is in FIN-WAIT-1 and still has bytes to be sent; the process is not needed");
    Ok(true)
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT).concat();
    if heard.starts_with("a part of the greeting, then: ") {
        Finding::Broke("closing threw away what the client had not taken yet, and reset the connection".to_string())
    } else if heard.starts_with("the whole greeting") {
        Finding::Held("the kernel sent the rest after the server had closed, and the client got everything".to_string())
    } else {
        Finding::Other("the client got something else than the greeting of 100000 bytes".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let reset = record.reset(1, Way::ToClient);
    if record.bytes(1, Way::ToClient) == b"hi" && record.fin(1, Way::ToClient) && !reset {
        Finding::Held("the server closed with a FIN, and the TIME-WAIT is its own".to_string())
    } else {
        Finding::Other("the server did not close with a FIN behind its greeting".to_string())
    }
}
