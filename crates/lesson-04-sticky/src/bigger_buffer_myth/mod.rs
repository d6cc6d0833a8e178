//! `bigger-buffer-myth`: the relay cuts a message in two, and the server has room for thousands of such messages.

use lab::{At, CLIENT, Check, Experiment, Finding, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished;
use crate::joined::not_acknowledged;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;
pub(crate) mod peer;

const INPUT: &[&str] = &["hello egg"];
const ANSWER: &[u8] = b"-----> hello egg\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "bigger-buffer-myth",
    question: "Does a message come whole when the buffer is large enough?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let pieces =
        [Step::Hold(At::StreamEnd), Step::Send(At::Byte(3)), Step::Settle, Step::Send(At::StreamEnd), Step::Settle];
    stage.relay([Script::to_server(pieces)])?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the message came in two pieces and was put together again at its newline".to_string())
    } else if answer.starts_with(b"-----> hel\n") {
        Finding::Broke(
            "the first 3 bytes of a message passed for a message, in a buffer with room for all of it".to_string(),
        )
    } else {
        not_acknowledged(&answer)
    }
}
