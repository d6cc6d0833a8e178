//! `late-error`: a datagram finds the server away; the server is back when the next one is sent.

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Who};

use crate::dead_port::deaf;
use crate::finished;

mod broken;
mod fixed;
mod peer;

/// The server after its restart.
const RESTARTED: Who = Who { number: 2, ..SERVER };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "late-error",
    question: "The server is back. Why is its client refused?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("Windows keeps the error for a receive, and this client never receives")],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(lab::Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

/// Without a relay: its port would be there when the server is away.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.lockstep();
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        // It may send its lines when it likes.
        stage.settle()?;
    } else {
        stage.says(SERVER, "one")?;
    }
    stage.kill(SERVER)?;
    let away = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    // Sent, and on loopback the error is back before the call is.
    stage.settle()?;
    drop(away);
    stage.step(RESTARTED, "is started at the same address");
    stage.server_again()?;
    stage.type_line(CLIENT, "three")?;
    stage.settle()?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(RESTARTED).contains(&"three");
    match record.exit(CLIENT) {
        Some(exit) if exit.is_success() && heard => Finding::Held(
            "the error was about a line that found nobody: the client sent again, and the server has the next line"
                .to_string(),
        ),
        Some(exit) if exit.is_success() => Finding::Other(
            "the client went on, but the server never had the third line: a call that reports an earlier datagram does \
             not send its own"
                .to_string(),
        ),
        Some(Exit::Status(_)) if !heard => Finding::Broke(
            "the server is back, and the client gave up: it was told of an earlier line, and did not send this one"
                .to_string(),
        ),
        None if record.hung(CLIENT).is_some() => {
            Finding::Other("the client waits: nothing is answered here, and its input has ended".to_string())
        }
        _ => Finding::Other("the client did not end in the ordinary way".to_string()),
    }
}

/// The client of the finished program waits for each answer, so it learns at once that the second line found nobody.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    stage.says(CLIENT, "one")?;
    stage.settle()?;
    stage.kill(SERVER)?;
    let away = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    stage.wait("the client is told", |record| !record.complaints(CLIENT).is_empty())?;
    drop(away);
    stage.step(RESTARTED, "is started at the same address");
    stage.server_again()?;
    stage.type_line(CLIENT, "three")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

fn judge_finished(record: &Record) -> Finding {
    let complaints = record.complaints(CLIENT);
    let told = matches!(complaints[..], [line] if line.contains("nobody receives datagrams"));
    // The status says that one line was not answered.
    let failed = matches!(record.exit(CLIENT), Some(Exit::Status(1)));
    finished::finding(
        told && finished::answered(record, &["one", "three"]) && failed && record.exit(RESTARTED).is_none(),
        "the line that found nobody was lost, the client said so and went on, and the next line was answered",
    )
}
