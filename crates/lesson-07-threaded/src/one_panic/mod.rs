//! `one-panic`: a stranger sends a byte that is no text while two others are served.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, Side, Stage, Void, Way, Who};

use crate::finished;
use crate::wire::{self, GREETING, GREETING_AND_ZERO, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "a refusal ends with the stream, and there is a limit")]
pub(crate) mod peer;

/// The greeting and two answers to `0`.
pub(crate) const TWICE: &[u8] = "我是多线程您输入的是0您输入的是0".as_bytes();
/// The client that comes afterwards.
pub(crate) const SECOND: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-panic",
    question: "What does a panic in one thread do to the others?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(finished::rehearsal(&["0"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the first command is answered", |record| record.bytes(1, Way::ToClient) == GREETING_AND_ZERO)?;
    let mut stranger = stage.attacker()?;
    if stranger.receive(GREETING.len()) != GREETING.as_bytes() {
        return Err(Void("the stranger was not greeted".to_string()).into());
    }
    stranger.send(b"\xff");
    // An answer will do, and so will the end of this one conversation.
    stranger.receive_all(ZERO.len());
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)?;
    stage.keep(stranger);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answered = [record.bytes(1, Way::ToClient) == TWICE, record.bytes(3, Way::ToClient) == GREETING_AND_ZERO];
    match answered {
        [true, true] => Finding::Held("one client sent a byte that is no text, and the others were served".to_string()),
        [false, false] => Finding::Broke(
            "one client sent a byte that is no text, and from then on nobody's command was answered".to_string(),
        ),
        [true, false] => {
            Finding::Other("the client that came after the byte that is no text was not served".to_string())
        }
        [false, true] => Finding::Other("the client that was there before was not served any more".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &[ZERO; 2]) && finished::printed_by(record, SECOND, &[ZERO]);
    finished::finding(served, "a byte that is no text was answered as any wrong command, and the others were served")
}
