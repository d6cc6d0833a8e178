//! `silent-peer`: somebody connects and says nothing; behind comes a client that wants to be served.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, Side, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever a read gives")]
mod fixed;
mod peer;

/// The connection on which nothing is said, and the one behind it.
const SILENT: usize = 1;
const LATER: usize = 2;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "silent-peer",
    question: "How long does a server wait for a peer that says nothing?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--idle", "0.5", "--clock", "2026-02-03T09:05:00"],
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        // It may wait for some seconds before it gives up.
        Cast::Yours(_) => stage.patience(Duration::from_secs(6)),
        Cast::Fixed | Cast::Finished => stage.patience(Duration::from_millis(700)),
    }
    stage.server()?;
    stage.relay([])?;
    let mut silent = stage.attacker()?;
    stage.step(silent.who(), "connects before the client, and says nothing");
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.exit(CLIENT).is_some()) {
        // Whoever serves everybody at the same time may still keep the connection for ever.
        silent.receive_all(1);
    }
    stage.keep(silent);
    Ok(())
}

/// The finished server serves both at the same time.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.patience(Duration::from_millis(700));
    stage.server()?;
    stage.relay([])?;
    let mut silent = stage.attacker()?;
    stage.step(silent.who(), "connects before the client, and says nothing");
    silent.receive_all(1);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn is_dropped(record: &Record) -> bool {
    record.fin(SILENT, Way::ToClient) || record.reset(SILENT, Way::ToClient)
}

fn judge(record: &Record) -> Finding {
    let answered = record.bytes(LATER, Way::ToClient) == b"hello";
    if answered && is_dropped(record) {
        Finding::Held("the server closed the silent connection at its deadline and served the next client".to_string())
    } else if answered {
        Finding::Broke("the next client was served, but the silent connection stays open for ever".to_string())
    } else if record.hung(CLIENT).is_some() {
        Finding::Broke("the server waits for a peer that says nothing, and the next client waits with it".to_string())
    } else {
        Finding::Other("the client behind the silent one did not get its hello back".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let answered = record.lines(CLIENT).iter().any(|line| line.ends_with("] hello"));
    finished::finding(answered && is_dropped(record), "the silent connection was closed, and the next client answered")
}
