//! `slow-reader`: one member of a chat reads nothing, another one writes.

use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Void};

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
    attacker: None,
    check: Check::Side(Role::Server),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[],
    finished: None,
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
