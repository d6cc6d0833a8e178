//! `split-header`: the relay cuts the header of a frame after 2 of its 4 bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Script, Side, Stage, Step, Way, wire};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;
pub(crate) mod peer;

const ANSWER: &[u8] = b"\0\0\0\x05hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "split-header",
    question: "Does one read give the four bytes of the header?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    wire: ECHO,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

/// What every server of echoed frames is told of its wire.
pub(crate) const ECHO: &[&str] = &[
    "-> one frame: 4 bytes length, big-endian, then the payload, 64 KiB at most",
    "<- the same frame, not before all of it has come; then the next one, until the client ends its stream",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// One frame for each text, cut by these steps: the same frames must come back, each not before it is whole.
pub(crate) fn echoed(name: &str, texts: &[&str], steps: impl Into<Vec<Step>>) -> Form {
    let frames: Vec<Vec<u8>> = texts.iter().map(|text| frame(text.as_bytes())).collect();
    let all = frames.concat();
    let turns = frames.iter().scan(0, |end, frame| {
        let before = *end;
        *end += frame.len();
        Some((*end, before))
    });
    Form::relayed(name, [Script::to_server(steps)], texts)
        .rule(wire::in_turn(1, turns.collect::<Vec<_>>(), "the frame").hint(SHORT_READ))
        .bytes(1, Way::ToClient, "the answer", all)
}

pub(crate) fn frame(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes(), payload].concat()
}

/// What most programs that answer too early do.
pub(crate) const SHORT_READ: &str =
    "one read, or recv, gives what has come by then and seldom all that you asked for: read in a loop until you have it \
     (in Rust read_exact)";

fn forms() -> Vec<Form> {
    let cut = |bytes| [Step::Send(At::Header(bytes)), Step::Settle];
    let long = "x".repeat(20_000);
    let apart = [1, 2, 3, 4].map(|bytes| [Step::Send(At::Header(bytes)), Step::Settle]).concat();
    let second = [Step::Send(At::FrameEnd), Step::Send(At::Header(3)), Step::Settle];
    vec![
        echoed("the header cut after 2 of its 4 bytes", &["hello"], cut(2)),
        echoed("the header cut after 1 byte", &["hello"], cut(1)),
        echoed("the header cut after 3 bytes", &["broken and fixed"], cut(3)),
        echoed("each byte of the header alone, before a long payload", &[&long], apart),
        echoed("the header of the second frame cut", &["hello", "world"], second),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([Step::Send(At::Header(2)), Step::Settle])])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the header came in two pieces and the frame came back whole".to_string())
    } else if answer == [0; 4] {
        Finding::Broke(
            "two bytes of the header passed for all four: length 0, and an empty frame came back".to_string(),
        )
    } else {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &["hello\n"]);
    finished::finding(whole, "the length of the request came in two pieces, and the command was run")
}
