//! `accept-unwrap`: a client resets its connection before the server has accepted it.

use lab::kernel::{self, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Void};

use crate::finished;
use crate::one_panic::{SECOND, peer};
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(
    clippy::disallowed_methods,
    reason = "a command is whatever one read gives; nothing tells that accept would succeed again, so it tries later"
)]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "accept-unwrap",
    question: "What does accept give when the client has already gone?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("other systems do not hand out a connection that was reset before accept")],
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(finished::rehearsal(&["0"], judge)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.says(CLIENT, ZERO)?;
    if matches!(stage.cast(), Cast::Broken | Cast::Fixed) {
        stage.says(SERVER, "connected")?;
    }
    stage.pause(SERVER)?;
    stage.attacker()?.reset();
    waits_for_accept(stage)?;
    stage.resume(SERVER)?;
    stage.settle()?;
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)
}

/// The connection that was reset is in the queue of the listener.
fn waits_for_accept(stage: &Stage) -> anyhow::Result<()> {
    if kernel::sees_sockets() {
        if !stage.sees(|sockets| sockets.iter().any(|socket| socket.state == State::Listen && socket.unread == 1)) {
            return Err(Void("the connection that was reset does not wait for accept".to_string()).into());
        }
        stage.fact(SERVER, "one connection waits for accept; its client has reset it");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == [GREETING, ZERO, ZERO] && record.lines(SECOND) == [GREETING, ZERO] {
        Finding::Held("a connection was reset before it was accepted, and everybody else was served".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke(
            "a connection was reset before it was accepted: the server ended, and every conversation with it"
                .to_string(),
        )
    } else {
        Finding::Other("the server lives, but not everybody was served".to_string())
    }
}
