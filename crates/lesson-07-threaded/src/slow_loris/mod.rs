//! `slow-loris`: an attacker sends its name a byte at a time, and each byte comes well before the server's timeout.

use std::time::Duration;

use lab::{CLIENT, Check, Event, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Way, What};

use crate::finished;
use crate::wire::GREETING;

mod broken;
mod fixed;
mod peer;

const WELCOME: &[u8] = b"welcome\n";
/// The limit that both servers state.
const LIMIT: Duration = Duration::from_millis(300);
/// Not what the limit says.
const TOO_EARLY: &str = "had less than half of the time that the server says it gives";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "slow-loris",
    question: "A timeout is set. How long can one client keep a thread?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--lines", "--idle", "0.3"],
        ..finished::rehearsal(&[], judge_finished)
    }),
    ..lab::EXPERIMENT
};

/// The time that passes is no verdict: the server that has read a byte which was sent after its limit, and then one more,
/// does not keep the limit, however busy the machine is.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&["ann"])?;
    stage.ends(CLIENT)?;
    hold_out(stage)
}

/// The finished program has the limit for each of its commands.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    hold_out(stage)
}

fn hold_out(stage: &mut Stage) -> anyhow::Result<()> {
    let mut loris = stage.attacker()?;
    match loris.drip(b'a', LIMIT, 2 * LIMIT, b'\n')? {
        Some(age) if age < LIMIT / 2 => stage.step(loris.who(), TOO_EARLY),
        Some(_) => {}
        None => {
            loris.receive_all(WELCOME.len() + 1);
        }
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let too_early = was_too_early(record);
    if record.bytes(1, Way::ToClient) != WELCOME {
        Finding::Other("a client that sent its name at once was not welcome".to_string())
    } else if too_early {
        Finding::Other("the server did not wait for a name that came in pieces".to_string())
    } else if record.bytes(2, Way::ToClient) == WELCOME {
        Finding::Broke(
            "a name that took more than twice the limit was waited for: each byte began a new wait".to_string(),
        )
    } else if has_ended(record, 2) {
        Finding::Held("a client that sent a byte now and then was closed when its time was over".to_string())
    } else {
        Finding::Other("a name that took more than twice the limit was waited for, and not welcome".to_string())
    }
}

fn was_too_early(record: &Record) -> bool {
    record.events.iter().any(|event| event.what == What::Step(TOO_EARLY.to_string()))
}

/// Whether the server ended this connection while the attacker went on.
fn has_ended(record: &Record, connection: usize) -> bool {
    let step = |event: &Event| matches!(event.what, What::Step(_));
    record.on(connection).any(|event| event.who == SERVER && step(event))
}

fn judge_finished(record: &Record) -> Finding {
    if record.bytes(1, Way::ToClient) != GREETING.as_bytes() {
        Finding::Other("the attacker got something else than the greeting".to_string())
    } else if has_ended(record, 1) && !was_too_early(record) {
        Finding::Held("a client that sent a byte of a command now and then was closed in time".to_string())
    } else {
        Finding::Other("a client that sent a byte of a command now and then was not closed in time".to_string())
    }
}
