//! `NAME`: to fill in, the trap in one sentence. Now: the relay cuts the payload of a frame after 2 bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Step, Way, wire};

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
    // Which side a learner's own program can take.
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    // To fill in: what a learner's program has to speak here; `check` prints it first.
    wire: &[
        "-> one frame: 4 bytes length, big-endian, then the payload",
        "<- the same frame, not before all of it has come; then the next one, until the client ends its stream",
    ],
    forms: |_| forms(),
    // Also: needs, attacker, and how the finished program of the lesson comes through the same trap.
    ..lab::EXPERIMENT
};

/// To fill in: the trap. It waits for conditions, never for a time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay(script(2))?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn script(bytes: usize) -> [Script; 1] {
    [Script::to_server([Step::Send(At::Body(bytes)), Step::Settle])]
}

/// To fill in: the forms of the trap for a learner's program, the one above first, and what each requires.
fn forms() -> Vec<Form> {
    let form = |name, bytes| {
        Form::relayed(name, script(bytes), &["hello"]).rule(wire::not_before(1, ANSWER.len(), "the frame")).bytes(
            1,
            Way::ToClient,
            "the answer",
            ANSWER,
        )
    };
    vec![form("the payload cut after 2 bytes", 2), form("the payload cut after 4 bytes", 4)]
}

/// To fill in: what the record shows of our own programs. Each sentence is the same in every run.
fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the payload came in two pieces and went back whole".to_string())
    } else if answer == b"\0\0\0\x05he\0\0\0" {
        Finding::Broke("two bytes of the payload were read as all five: the rest went back as zeros".to_string())
    } else {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    }
}
