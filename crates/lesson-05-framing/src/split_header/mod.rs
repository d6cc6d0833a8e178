//! `split-header`: the relay cuts the header of a frame after 2 of its 4 bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Role, Script, Side, Stage, Step, Way};

use crate::finished;
use crate::misread::{READER, Reader};

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;
pub(crate) mod forms;
pub(crate) mod peer;

use forms::{ECHO, any_bytes, echoed, echoed_and_next, frame, longest, many_clients, many_frames, pieces, rests};

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
    misread: Some(Misread::by_server("one read gives the four bytes of the length", |pieces| {
        Reader { whole_header: false, ..READER }.names(pieces)
    })),
    wire: ECHO,
    forms: |_| all_forms(),
    finished: Some(finished::rehearsal(&["echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn all_forms() -> Vec<Form> {
    let cut = |bytes| [Step::Send(At::Header(bytes)), Step::Settle];
    let long = "x".repeat(20_000);
    let apart = [1, 2, 3, 4].map(|bytes| [Step::Send(At::Header(bytes)), Step::Settle]).concat();
    let second = [Step::Send(At::FrameEnd), Step::Send(At::Header(3)), Step::Settle];
    let two = [frame(b"one"), frame(b"two")];
    vec![
        echoed("the header cut after 2 of its 4 bytes", &["hello"], cut(2)),
        echoed("the header cut after 1 byte", &["hello"], cut(1)),
        echoed("the header cut after 3 bytes", &["broken and fixed"], cut(3)),
        echoed("each byte of the header alone, before a long payload", &[&long], apart),
        echoed_and_next("the header of the second frame cut", &["hello", "world"], second),
        pieces("four frames at once, one of them empty", &[b"one", b"", long.as_bytes(), b"the last"], &[]),
        longest(),
        any_bytes(),
        many_frames(),
        many_clients(),
        rests("a client that rests inside a header", two.clone(), two, 9),
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
