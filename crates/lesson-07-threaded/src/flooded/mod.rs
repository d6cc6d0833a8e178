//! `flooded`: somebody asks once, ends its stream and counts what comes all the same; then a client does so.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Role, SERVER, Side, Stage, Way};

use crate::finished;
use crate::wire;

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;
pub(crate) mod peer;

/// Bytes of a thousand answers: nobody is asked to read more.
const ENOUGH: usize = 1000 * wire::AGAIN.len();
/// A server that neither answers nor closes is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "flooded",
    question: "What does a server read from a client that has ended its stream?",
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
    stage.server()?;
    let mut attacker = stage.attacker()?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        attacker.patience(PATIENCE)?;
    }
    attacker.send(b"0");
    attacker.receive(wire::GREETING_AND_ZERO.len());
    attacker.half_close();
    if attacker.receive(ENOUGH).len() == ENOUGH {
        attacker.reset();
    } else {
        attacker.receive_all(1);
        drop(attacker);
    }
    if stage.cast() == Cast::Finished {
        // The log follows the end of a connection.
        stage.says(SERVER, "ended by the client")?;
    }
    stage.client(&["0"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    match answers.strip_prefix(wire::GREETING_AND_ZERO) {
        None => Finding::Other("the greeting and the answer to 0 did not come".to_string()),
        Some(late) if late.len() == ENOUGH => Finding::Broke(
            "after the end of the stream came a thousand answers to nothing, and more would have come".to_string(),
        ),
        Some([]) if !record.fin(1, Way::ToClient) => {
            Finding::Other("the client had ended its stream, and the server did not close the connection".to_string())
        }
        Some([]) if record.exit(CLIENT).is_some_and(Exit::is_success) => {
            Finding::Held("the end of the stream was the end of the conversation, for the server too".to_string())
        }
        Some([]) => Finding::Other("the next client, which ended its stream as well, was not served".to_string()),
        Some(late) => Finding::Other(format!("{} bytes came after the end of the stream", late.len())),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let ended = record.bytes(1, Way::ToClient) == wire::GREETING_AND_ZERO && record.fin(1, Way::ToClient);
    let served = finished::printed(record, &[wire::ZERO]);
    finished::finding(ended && served, "the end of the stream was the end of the conversation, for the server too")
}
