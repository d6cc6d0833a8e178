//! `slow-reader`: one member of a chat reads nothing, another one writes.

use std::thread;
use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "a chat passes on whatever a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a chat passes on whatever a read gives")]
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "slow-reader",
    question: "Who waits when one of many clients does not read?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        // It may wait for some seconds before it gives up.
        Cast::Yours(_) => stage.patience(Duration::from_secs(6)),
        Cast::Fixed | Cast::Finished => stage.patience(Duration::from_millis(300)),
    }
    stage.lockstep();
    stage.server()?;
    let mut slow = stage.attacker()?;
    slow.send(b"hi");
    if slow.receive(2) != b"hi" {
        return Err(Void("the first member of the chat did not get its own message".to_string()).into());
    }
    stage.step(slow.who(), "reads nothing from here on");
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.hung(CLIENT).is_some()) {
        tell_queues(stage)?;
    }
    // Until the server is gone: a thread of it that still comes out of its read must not meet a reset.
    stage.keep(slow);
    Ok(())
}

/// More than the kernels hold at both ends, in both directions.
const MUCH: usize = 64 * 1024 * 1024;

/// Whoever reads nothing writes, until the finished server cannot write any more; then a client comes.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut slow = stage.attacker()?;
    stage.step(slow.who(), "reads nothing from here on");
    let writes = thread::spawn(move || slow.flood(b'x', MUCH));
    if kernel::sees_sockets() {
        let server = stage.address()?.port();
        let stuck = |socket: &Socket| socket.local.port() == server && socket.unread > 0 && socket.unsent > 0;
        if !stage.sees(|_| stage.sockets_at_rest().is_some_and(|sockets| sockets.iter().any(stuck))) {
            return Err(Void("the server was not seen to wait for the slow reader".to_string()).into());
        }
        stage.fact(SERVER, "its send queue to the slow reader is full, and more bytes lie unread");
    }
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    stage.says(SERVER, "ended by the client")?;
    // Its end sets the slow reader free.
    stage.kill(SERVER)?;
    writes.join().map_err(|_| Void("the slow reader did not write to the end".to_string()).into())
}

/// Both ends of the connection to the slow reader, when the server waits for it.
fn tell_queues(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let server = stage.address()?.port();
    let sockets = stage.sockets().unwrap_or_default();
    let full =
        |socket: &&Socket| socket.state == State::Established && socket.local.port() == server && socket.unsent > 0;
    let Some(end) = sockets.iter().find(full) else {
        return Err(Void("no connection of the server has unsent bytes".to_string()).into());
    };
    let unread = sockets.iter().any(|socket| socket.local == end.remote && socket.unread > 0);
    if unread {
        stage.fact(SERVER, "its send queue to the slow reader is full: bytes that it wrote cannot leave");
        stage.fact(SERVER, "the receive queue of the slow reader is full too: bytes that came lie there unread");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == ["1000 messages came back"] {
        Finding::Held("the one who did not read was dropped at the deadline, and the others went on".to_string())
    } else if record.hung(CLIENT).is_some() {
        Finding::Broke("one client does not read: the write to it waits without end, and so does everybody".to_string())
    } else {
        Finding::Other("the messages of the client did not come back".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    // Had everybody waited for the slow reader, the client would have been served when that one was given up.
    let given_up = record.lines(SERVER).iter().any(|line| line.contains("was not taken"));
    let served = finished::printed(record, &["hello"]) && !given_up;
    finished::finding(served, "one client did not read: only its own thread waited, and the next client was answered")
}
