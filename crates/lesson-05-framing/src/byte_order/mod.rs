//! `byte-order`: a client that counts in network byte order meets a server that counts in its machine's.

use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Script, Side, Span, Stage, Way,
};

use crate::finished;
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "the machine's byte order is the mistake")]
mod broken;
mod fixed;

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
    dissect,
    finished: Some(finished::rehearsal(&["echo abc"], judge_finished)),
    ..lab::EXPERIMENT
};

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
    } else if answer.is_empty() && (explained || matches!(record.cast, Cast::Yours(_))) {
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

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut spans = lab::dissect_frames(way, bytes);
    if let (Some(first), Some(prefix)) = (spans.first_mut(), bytes.first_chunk()) {
        first.name += &format!(", or {} the other way round", u32::from_le_bytes(*prefix));
    }
    spans
}

fn judge_finished(record: &Record) -> Finding {
    let lengths = [Way::ToServer, Way::ToClient].map(|way| record.bytes(1, way).starts_with(&[0, 0, 0]));
    let whole = finished::printed(record, &["abc\n"]);
    finished::finding(whole && lengths == [true; 2], "both lengths went in network byte order, and the command was run")
}
