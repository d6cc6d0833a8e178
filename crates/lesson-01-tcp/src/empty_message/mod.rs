//! `empty-message`: one of three lines is empty.

use lab::{CLIENT, Check, Exit, Experiment, Finding, Record, Role, Side, Stage, Way};

use crate::finished;

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "whatever one read gives gets an answer of its own")]
pub(crate) mod peer;

const LINES: &[&str] = &["hello", "", "world"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "empty-message",
    question: "What does an empty line look like on the wire?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(LINES, judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let sent = record.bytes(1, Way::ToServer);
    // A client may as well take an empty line for the end.
    if sent != b"hello" && sent != b"helloworld" {
        return Finding::Other("the client did not send the lines as they are, without their ends".to_string());
    }
    if record.hung(CLIENT).is_some() {
        Finding::Broke(
            "the empty line put nothing on the wire: the client waits for an answer, and the server for a question"
                .to_string(),
        )
    } else if record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the empty line was not sent, and nobody waited for an answer to it".to_string())
    } else {
        Finding::Other("the client ended with an error".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let ended = finished::printed(record, &["hello"]);
    finished::finding(ended, "the empty line was not sent: it ended the client")
}
