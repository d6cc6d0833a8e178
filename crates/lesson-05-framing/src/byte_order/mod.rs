//! `byte-order`: a client that counts in network byte order meets a server that counts in its machine's.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Form, Misread, Need, Record, Role, SERVER, Script, Side, Stage, Step, Way,
};

use crate::finished;
use crate::misread::{READER, Reader};
use crate::split_header::forms::{ECHO, any_bytes, echoed, echoed_and_next, longest, pieces};
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "the machine's byte order is the mistake")]
mod broken;
mod fixed;

/// What most programs do that send no answer, or one with another length.
const ORDER: &str = "the length is in network byte order, the highest byte first (in Python struct \"!I\", in C ntohl, in \
                     Node readUInt32BE), on every machine";

const ANSWER: &[u8] = b"\0\0\0\x03abc";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "byte-order",
    question: "Whose byte order has the length?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::LittleEndian],
    play,
    judge,
    dissect: lab::dissect_frames,
    misread: Some(Misread::by_server("the lowest byte of a number comes first", |pieces| {
        Reader { length: |bytes| i32::from_le_bytes(bytes).into(), ..READER }.names(pieces)
    })),
    wire: ECHO,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo abc"], judge_finished)),
    ..lab::EXPERIMENT
};

/// The lengths 3, 256, 258 and 20000; the other way round 50331648, 65536, which many a maximum lets through, 33619968
/// and 541982720.
fn forms() -> Vec<Form> {
    let apart = [Step::Send(At::Header(4)), Step::Settle];
    let text = |length: usize| "abcdefgh".chars().cycle().take(length).collect::<String>();
    let [a, b, long] = [256, 258, 20_000].map(text);
    vec![
        echoed("a frame of 3 bytes", &["abc"], []),
        echoed("the header alone, then a payload of 256 bytes", &[&a], apart.clone()),
        echoed("the header alone, then a payload of 258 bytes", &[&b], apart.clone()),
        echoed_and_next("the header alone, then a payload of 20000 bytes", &[&long], apart),
        pieces("frames of 3, 258 and 0 bytes at once", &[b"abc", b.as_bytes(), b""], &[]),
        longest(),
        any_bytes(),
    ]
    .into_iter()
    .map(|form| form.hint("bytes", ORDER))
    .collect()
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&["abc"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let explained = record.complaints(SERVER).iter().any(|line| line.contains("50331648"));
    if answer == ANSWER {
        Finding::Held("00 00 00 03 was read as 3, and the frame came back".to_string())
    } else if answer.is_empty() && explained {
        Finding::Broke(
            "no frame came back: 00 00 00 03 is 3 in network byte order and 50331648 in that of this machine"
                .to_string(),
        )
    } else if answer.starts_with(&[3, 0, 0, 0]) {
        Finding::Broke("the answer's length is in the byte order of this machine: a client reads 50331648".to_string())
    } else {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let lengths = [Way::ToServer, Way::ToClient].map(|way| record.bytes(1, way).starts_with(&[0, 0, 0]));
    let whole = finished::printed(record, &["abc\n"]);
    finished::finding(whole && lengths == [true; 2], "both lengths went in network byte order, and the command was run")
}
