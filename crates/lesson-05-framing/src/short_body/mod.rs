//! `short-body`: the relay cuts the payload of a frame in three.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished;
use crate::misread::{READER, Reader};
use crate::split_header::forms::{
    ECHO, any_bytes, echoed, echoed_and_next, frame, longest, many_frames, pieces, rests,
};
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
    misread: Some(Misread::by_server("one read gives the whole payload", |pieces| {
        Reader { whole_payload: false, ..READER }.names(pieces)
    })),
    wire: ECHO,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo hello world"], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let cut =
        |bytes: &[usize]| bytes.iter().flat_map(|at| [Step::Send(At::Body(*at)), Step::Settle]).collect::<Vec<_>>();
    let long = "x".repeat(20_000);
    let second = [vec![Step::Send(At::FrameEnd)], cut(&[2])].concat();
    // "one" ends at byte 7, "two, longer" at 22.
    let across: &[&[u8]] = &[b"one", b"two, longer", b"three", b""];
    let two = [frame(b"one"), frame(b"two")];
    vec![
        echoed("the payload cut after 4 and 8 of its 11 bytes", &["hello world"], cut(&[4, 8])),
        echoed("the payload cut after its first byte", &["hello"], cut(&[1])),
        echoed("the payload cut before its last byte", &["hello"], cut(&[4])),
        echoed("a long payload in four pieces", &[&long], cut(&[1, 8192, 19_999])),
        echoed_and_next("the payload of the second frame cut", &["hello", "world"], second),
        pieces("the end of a frame together with the beginning of the next", across, &[6, 14, 24]),
        pieces("four frames at once, one of them empty", &[b"", b"two", long.as_bytes(), b"the last"], &[]),
        longest(),
        any_bytes(),
        many_frames(),
        rests("a client that rests inside a payload", two.clone(), two, 12),
    ]
}

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
