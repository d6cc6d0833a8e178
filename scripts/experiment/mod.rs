//! `NAME`: to fill in, the trap in one sentence. Now: the relay cuts the payload of a frame after 2 bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Record, Role, Script, Side, Stage, Step, Wanted, Way};

// To fill in: the reason why the broken program needs a call that clippy.toml bans. Without such a call, leave it out.
#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;
mod peer;

/// To fill in: what a program without the mistake answers.
const ANSWER: &[u8] = b"\0\0\0\x05hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "NAME",
    // To fill in: the reader's own question, one line.
    question: "Does one read give the whole payload?",
    twins: lab::twins!(),
    // Which side has the mistake, and which is the peer.
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: None,
    // Which side a learner's own program can take.
    check: Check::Side(Role::Server),
    // What only some systems can show, with the reason.
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_frames,
    wanted: &[Wanted { connection: 1, way: Way::ToClient, bytes: ANSWER }],
    // How the finished program of the lesson comes through the same trap.
    finished: None,
};

/// To fill in: the trap. It waits for conditions, never for a time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([Step::Send(At::Body(2)), Step::Settle])])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

/// To fill in: what the record shows. Each sentence is the same in every run.
fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the payload came in two pieces and went back whole".to_string())
    } else if answer == b"\0\0\0\x05he\0\0\0" {
        Finding::Broke("two bytes of the payload passed for all five: the rest went back as zeros".to_string())
    } else {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    }
}
