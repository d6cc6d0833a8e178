//! `overflow`: while the server gets no processor, the client sends more than its receive buffer holds.

use std::cell::Cell;

use lab::kernel::{self, Socket};
use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// So many pieces of 8 KiB are more than a receive buffer holds by default on any system.
const PIECES: usize = 300;
/// The lines of the finished client. Linux counts what it needs for a datagram, some hundred bytes for a small one: its
/// default of 212992 holds fewer than 300 of these.
const LINES: &[&str] = &["hello"; 350];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "overflow",
    question: "Every send was Ok. Where are the datagrams?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("the lab stops the server for a while by a signal that Windows does not have")],
    play,
    judge,
    dissect: lab::dissect_text,
    // Its client does not ask again while the server is stopped.
    finished: Some(Rehearsal {
        serve: &["--rate", "1000", "--clock", "Thu Nov 20 23:47:00 2025"],
        connect: &["--timeout", "10"],
        ..finished::rehearsal(LINES, judge_finished)
    }),
    ..lab::EXPERIMENT
};

/// Without a relay: it would receive all the time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
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

/// The first piece lies in the server's buffer. The finished program and one of one's own might send more: then until no
/// more come.
fn holds_back(stage: &Stage) -> anyhow::Result<()> {
    /// Looks at the buffer with the same answer.
    const LOOKS: u32 = 200;
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let looks = if matches!(stage.cast(), Cast::Yours(_) | Cast::Finished) { LOOKS } else { 0 };
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

fn judge_finished(record: &Record) -> Finding {
    let asked = record.lines(SERVER).iter().filter(|line| line.contains("sent 5 bytes, answered")).count();
    if finished::printed(record, LINES) && asked == LINES.len() {
        Finding::Held("the client waited for each answer before it asked again, and no datagram was lost".to_string())
    } else {
        Finding::Other("not every line was asked once and answered".to_string())
    }
}
