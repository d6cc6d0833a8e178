//! `closed-too-much`: the client ends its own direction of the stream, and that of the answer with it.

use lab::{CLIENT, Check, Exit, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Way};

use crate::finished;
use crate::half_close::{self, SORTED, SORTING, TEXT, peer};

#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "closed-too-much",
    question: "I have ended the stream, so why is the answer empty?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play: half_close::answer_in_two_pieces,
    judge,
    dissect: lab::dissect_lines,
    wire: SORTING,
    forms: |_| half_close::forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        needs: &[Need::Unix("the lab stops the server for a while by a signal that Windows does not have")],
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

/// Whoever closes both directions is gone before the finished server answers; then a client comes.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.pause(SERVER)?;
    let mut caller = stage.attacker()?;
    caller.send(TEXT);
    stage.step(caller.who(), "closes both directions at once");
    drop(caller);
    stage.resume(SERVER)?;
    stage.says(SERVER, "had 11 bytes stamped")?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    if record.bytes(1, Way::ToServer) != TEXT {
        Finding::Other("the client did not send its two lines, each ended by a newline".to_string())
    } else if !record.fin(1, Way::ToServer) {
        Finding::Other("the client never ended its direction, so there was no answer".to_string())
    } else if record.reset(1, Way::ToServer) {
        Finding::Broke(
            "the server answered, and the client had closed that direction too: its kernel refused the answer"
                .to_string(),
        )
    } else if ends_well && record.bytes(1, Way::ToClient) == SORTED {
        Finding::Held("the client ended one direction, and took the answer from the other".to_string())
    } else {
        Finding::Other("the client did not take the answer and end well".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["hello"]) && record.exit(SERVER).is_none();
    finished::finding(served, "the answer was refused, since its reader had closed, and the next client was served")
}
