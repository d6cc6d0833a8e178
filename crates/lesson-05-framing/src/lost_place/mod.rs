//! `lost-place`: a frame that is too long carries another frame in its payload.

use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Stage, Way};

use crate::finished::{self, Reply};
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;

/// 26 bytes, ten more than the servers accept: four times four letters, each read as a length that is too long as well,
/// and a frame.
const TEXT: &str = "please read this\0\0\0\x06delete";
const INNER: &[u8] = b"\0\0\0\x06delete";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-place",
    question: "What comes after a frame that is refused?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&[TEXT])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let closed = record.fin(1, Way::ToClient) || record.reset(1, Way::ToClient);
    if answer.starts_with(INNER) {
        Finding::Broke(
            "the payload of the refused frame was read as headers, and a frame inside it was answered: \"delete\""
                .to_string(),
        )
    } else if answer.get(4..) == Some(TEXT.as_bytes()) {
        Finding::Other("the frame of 26 bytes was accepted: the longest one here has a payload of 16".to_string())
    } else if !answer.is_empty() {
        Finding::Other(format!("{} bytes came back for a frame that is too long", answer.len()))
    } else if !closed || record.hung(CLIENT).is_some() {
        Finding::Other(
            "the frame was not answered and the connection stayed open: the client waits in vain".to_string(),
        )
    } else {
        Finding::Held("the frame was refused and the connection closed: nothing in its payload was read".to_string())
    }
}

/// Its client refuses to send a request that is too long, so somebody else does.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut attacker = stage.attacker()?;
    let inner = "\0\0\0\x25{\"id\":\"inner\",\"command\":[\"echo\",\"x\"]}";
    attacker.send(&[b"\0\x01\0\x01", inner.as_bytes()].concat());
    attacker.half_close();
    attacker.receive_all(4096);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let refused =
        matches!(finished::replies(record, 1).as_deref(), Some([Reply::Failed(why)]) if why.contains("65537"));
    if refused && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "the frame was refused, the request inside it was not read, and the next client was served".to_string(),
        )
    } else {
        Finding::Other(
            "the refused frame was not the end of its connection, or the next client was not served".to_string(),
        )
    }
}
