//! `half-close`: the answer can only begin when the request has ended.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Stage, Step, Way,
};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the text here, and there is a limit")]
pub(crate) mod peer;

const LINES: &[&str] = &["pear", "apple"];
pub(crate) const TEXT: &[u8] = b"pear\napple\n";
pub(crate) const SORTED: &[u8] = b"apple\npear\n";
const FIRST_LINE: usize = 6;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "half-close",
    question: "I have sent everything and read to the end of the answer: why does it never come?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() != Cast::Broken {
        return answer_in_two_pieces(stage);
    }
    // There will be no answer.
    stage.server()?;
    stage.relay([])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

/// The answer waits until the client has done all that it does without one. Then it comes in two pieces: a client that
/// is not there for the first shows it before the second.
pub(crate) fn answer_in_two_pieces(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_client([
        Step::Hold(At::StreamEnd),
        Step::Settle,
        Step::Send(At::Byte(FIRST_LINE)),
        Step::Settle,
        Step::Send(At::StreamEnd),
    ])])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

/// The finished client needs no answer after its end; who asks so is somebody else.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut caller = stage.attacker()?;
    caller.send(TEXT);
    caller.half_close();
    caller.receive_all(1024);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let ended = record.fin(1, Way::ToServer);
    let answered = record.bytes(1, Way::ToClient) == SORTED;
    if record.bytes(1, Way::ToServer) != TEXT {
        Finding::Other("the client did not send its two lines, each ended by a newline".to_string())
    } else if record.hung(CLIENT).is_some() && !ended {
        Finding::Broke(
            "both wait in vain: the server for the end of the text, the client for the end of the answer".to_string(),
        )
    } else if ended && answered && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the client ended its own direction, and the answer came through the other".to_string())
    } else if record.reset(1, Way::ToServer) {
        Finding::Other("the client closed the connection before it had taken the answer".to_string())
    } else if !answered {
        Finding::Other("no sorted text came back".to_string())
    } else {
        Finding::Other("the answer came, and the client did not end well".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::unstamped(&record.bytes(1, Way::ToClient)) == TEXT;
    if whole && record.fin(1, Way::ToClient) {
        Finding::Held(
            "who had ended one direction was answered through the other, and then it ended as well".to_string(),
        )
    } else {
        Finding::Other("the answer did not come whole, or the stream did not end after it".to_string())
    }
}
