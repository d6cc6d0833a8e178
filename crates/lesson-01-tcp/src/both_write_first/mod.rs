//! `both-write-first`: two programs that send much more than the kernels hold, and only then read.

use lab::kernel::{Socket, State};
use lab::{CLIENT, Check, Exit, Experiment, Finding, Record, Role, SERVER, Side, Stage};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "both-write-first",
    question: "Each side sends first and reads then: why does it stop with big data only?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: None,
    check: Check::Side(Role::Client),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[],
    finished: None,
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    let Some(sockets) = stage.sockets() else { return Ok(()) };
    let full = |socket: &&Socket| socket.state == State::Established && socket.unread > 0 && socket.unacknowledged > 0;
    if sockets.iter().filter(full).count() == 2 {
        stage.fact(CLIENT, "at both ends bytes lie unread, and more bytes wait to be sent");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let complete = record.lines(SERVER).contains(&"the client's backup is here");
    if record.hung(CLIENT).is_some() {
        Finding::Broke("each waits for the other to read, and both are still writing".to_string())
    } else if complete && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the client read while it wrote, and 64 MiB went in each direction".to_string())
    } else {
        Finding::Other("the client ended, and not all of its 64 MiB had come".to_string())
    }
}
