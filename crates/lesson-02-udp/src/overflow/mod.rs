//! `overflow`: while the server gets no processor, the client sends more than its receive buffer holds.

use std::cell::Cell;

use lab::kernel::{self, Socket};
use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

mod broken;
mod fixed;
mod peer;

/// So many pieces of 8 KiB are more than a receive buffer holds by default on any system.
const PIECES: usize = 300;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "overflow",
    question: "Every send was Ok. Where are the datagrams?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: None,
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("the lab stops the server for a while by a signal that Windows does not have")],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[],
    finished: None,
};

/// Without a relay: it would receive all the time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.lockstep();
    stage.server()?;
    stage.pause(SERVER)?;
    stage.client(&[&PIECES.to_string()])?;
    match stage.cast() {
        Cast::Broken => {
            stage.exits(CLIENT)?;
        }
        _ => holds_back(stage)?,
    }
    stage.resume(SERVER)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

/// The first piece lies in the server's buffer. A program of one's own may send more: then until no more come.
fn holds_back(stage: &Stage) -> anyhow::Result<()> {
    /// Looks at the buffer with the same answer.
    const LOOKS: u32 = 200;
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let looks = if matches!(stage.cast(), Cast::Yours(_)) { LOOKS } else { 0 };
    let (before, same) = (Cell::new(0), Cell::new(0));
    let full = |sockets: &[Socket]| {
        let unread = sockets.iter().filter(|socket| socket.local.port() == port).map(|socket| socket.unread).sum();
        same.set(if before.replace(unread) == unread { same.get() + 1 } else { 0 });
        unread > 0 && same.get() >= looks
    };
    if stage.sees(full) { Ok(()) } else { Err(lab::Void("the client sent nothing".to_string()).into()) }
}

fn judge(record: &Record) -> Finding {
    let lines = record.lines(SERVER);
    let pieces: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("piece ")).collect();
    let are_first = pieces.iter().enumerate().all(|(place, piece)| *piece == place.to_string());
    let ended = record.exit(CLIENT).is_some_and(Exit::is_success);
    if pieces.is_empty() {
        Finding::Other(
            "not one piece arrived: each is 4 bytes big-endian number, from 0 on, and 8188 bytes more".to_string(),
        )
    } else if !ended {
        Finding::Other("the client did not end well".to_string())
    } else if pieces.len() == PIECES {
        Finding::Held("the client waited for acknowledgements, and every piece arrived".to_string())
    } else if are_first {
        Finding::Broke(
            "only the first few pieces arrived, the buffer was full for the others, and the client was not told"
                .to_string(),
        )
    } else {
        Finding::Broke("some pieces did not arrive, and the client was not told".to_string())
    }
}
