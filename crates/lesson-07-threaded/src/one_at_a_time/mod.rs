//! `one-at-a-time`: the first client has been greeted and says nothing; a second one comes.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, Side, Stage, Way, Who};

use crate::finished;
use crate::one_panic::peer;
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// The client that comes second, and its connection.
const SECOND: Who = Who { number: 2, ..CLIENT };
const LATER: usize = 2;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-at-a-time",
    question: "One client says nothing. Who else has to wait?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(finished::rehearsal(&["0"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() == Cast::Broken {
        // The second client gets nothing that could come earlier or later.
        stage.lockstep();
    }
    stage.server()?;
    stage.relay([])?;
    let first = stage.talkative_client()?;
    stage.wait("the first client was not greeted", |record| !record.lines(first).is_empty())?;
    stage.step(first, "has been greeted, and says nothing");
    stage.client(&["0"])?;
    stage.ends(SECOND)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(LATER, Way::ToClient);
    if record.bytes(1, Way::ToClient) != GREETING.as_bytes() {
        Finding::Other("the first client was not greeted with the 15 bytes of the greeting".to_string())
    } else if answers.is_empty() && record.hung(SECOND).is_some() {
        Finding::Broke("the first client says nothing, and the second one is not even greeted".to_string())
    } else if answers == wire::GREETING_AND_ZERO {
        Finding::Held("the first client said nothing, and the second one was served meanwhile".to_string())
    } else {
        Finding::Other(format!(
            "the second client got {} bytes instead of {}",
            answers.len(),
            GREETING.len() + ZERO.len()
        ))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed_by(record, SECOND, &[ZERO]);
    finished::finding(served, "the first client said nothing, and the second one was served meanwhile")
}
