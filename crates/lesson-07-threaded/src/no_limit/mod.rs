//! `no-limit`: three clients are being served, the machine has no room for one more thread, and a fourth client comes.

use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Way};

use crate::finished;
use crate::one_panic::{SECOND, TWICE, peer};
use crate::wire::{self, GREETING, GREETING_AND_ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// Clients that say nothing, beside one that does: as many as `fixed` serves.
const IDLE: usize = 2;
/// The connection of the client that comes last.
const LAST: usize = IDLE + 2;
/// Less than the stack of a thread: 2 MiB in Rust, as a rule 8 MiB in C and Python.
const ROOM: u64 = 1536 * 1024;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-limit",
    question: "How many clients may a server have?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a running server is limited by prlimit"), Need::Program("prlimit")],
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(Rehearsal { serve: &["--clients", "3"], ..finished::rehearsal(&["0"], judge) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the first command is answered", |record| record.bytes(1, Way::ToClient) == GREETING_AND_ZERO)?;
    for _ in 0..IDLE {
        let mut idle = stage.attacker()?;
        if idle.receive(GREETING.len()) != GREETING.as_bytes() {
            return Err(Void("a client that says nothing was not greeted".to_string()).into());
        }
        stage.keep(idle);
    }
    stage.spare_memory(SERVER, ROOM)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)?;
    stage.settle()?;
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let heard = record.bytes(LAST, Way::ToClient);
    if record.exit(SERVER).is_some_and(|exit| !exit.is_success()) {
        Finding::Broke("one client more than there was room for, and the server ended for all of them".to_string())
    } else if record.bytes(1, Way::ToClient) != TWICE {
        Finding::Other("one client more than there was room for, and another one was not served any more".to_string())
    } else if heard == GREETING_AND_ZERO {
        Finding::Held("there was room for one client more, and all of them were served".to_string())
    } else if heard.is_empty() {
        Finding::Other("the client for whom there was no room was not told so".to_string())
    } else if record.reset(LAST, Way::ToClient) || !record.fin(LAST, Way::ToClient) {
        Finding::Other("the client for whom there was no room was told something, but not sent the end".to_string())
    } else {
        Finding::Held("the client for whom there was no room was told so, and the others were served".to_string())
    }
}
