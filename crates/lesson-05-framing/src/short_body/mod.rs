//! `short-body`: the relay cuts the payload of a frame in three.

use lab::{At, CLIENT, Check, Experiment, Finding, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished;
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;

const ANSWER: &[u8] = b"\0\0\0\x0bhello world";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "short-body",
    question: "Does one read give the whole payload?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(finished::rehearsal(&["echo hello world"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let pieces = [Step::Send(At::Body(4)), Step::Settle, Step::Send(At::Body(8)), Step::Settle];
    stage.relay([Script::to_server(pieces)])?;
    stage.client(&["hello world"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the payload came in three pieces and the frame came back whole".to_string())
    } else if answer.get(4..8) == Some(b"hell") {
        Finding::Broke(
            "the first 4 of 11 payload bytes passed for the payload, and the next 4 for the length of a frame"
                .to_string(),
        )
    } else {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &["hello world\n"]);
    finished::finding(whole, "the request came in three pieces, and the command was run")
}
