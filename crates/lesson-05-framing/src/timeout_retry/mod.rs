//! `timeout-retry`: the relay stops in the middle of a header until the server has lost its patience once.

use std::time::Duration;

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, SERVER, Script, Side, Stage, Step,
    Way, What,
};

use crate::finished::{self, Reply};
use crate::split_header::peer;

mod broken;
#[expect(clippy::disallowed_methods, reason = "a loop over read counts what came before a timeout")]
mod fixed;

const ANSWER: &[u8] = b"\0\0\0\x05hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "timeout-retry",
    question: "May read_exact be called again after a timeout?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--patience", "0.2"],
        ..finished::rehearsal(&["echo hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if matches!(stage.cast(), Cast::Yours(_)) {
        // It may say nothing at its timeout; then the relay waits as long as it waits for anything.
        stage.patience(Duration::from_secs(12));
    }
    stage.server()?;
    stage.relay([Script::to_server([Step::Send(At::Header(2)), Step::Gate, Step::Said(SERVER, "trying again")])])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the server timed out in the middle of a header, and the frame came back whole".to_string())
    } else if !answer.is_empty() {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    } else if gave_up(record) {
        Finding::Held("the server timed out in the middle of a header and closed the connection".to_string())
    } else {
        Finding::Broke(
            "the two bytes read before the timeout were lost: the next four, 00 05 \"he\", announced 354405 bytes"
                .to_string(),
        )
    }
}

/// The server closed the connection before the rest of the header was sent.
fn gave_up(record: &Record) -> bool {
    let sent: usize = record
        .on(1)
        .take_while(|event| !matches!(event.what, What::Fin { way: Way::ToClient } | What::Rst { way: Way::ToClient }))
        .map(|event| match event.what {
            What::Bytes { way: Way::ToServer, total, .. } => total,
            _ => 0,
        })
        .sum();
    sent < ANSWER.len()
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let cut = [Step::Send(At::Header(2)), Step::Said(SERVER, "no request"), Step::Settle];
    stage.relay([Script::to_server(cut)])?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let told = match finished::replies(record, 1).as_deref() {
        Some([Reply::Failed(why)]) => why.contains("not whole"),
        _ => false,
    };
    if told && record.exit(CLIENT) == Some(Exit::Status(1)) && record.exit(SERVER).is_none() {
        Finding::Held("the server timed out in the middle of a header, said so and closed the connection".to_string())
    } else {
        Finding::Other("the server did not say that the request was not whole in time".to_string())
    }
}
