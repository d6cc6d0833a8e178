//! `cannot-stop`: a server is asked to stop while it waits for the rest of a request, and for further clients.

use lab::{CLIENT, Check, Exit, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage, Way};

use crate::finished;
use crate::wire::ZERO;

mod broken;
mod fixed;
mod peer;

const SUM: &[u8] = b"42\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "cannot-stop",
    question: "Why does the server not end, though it was told to?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("Windows has no signal with which the lab could stop one process")],
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "20")?;
    stage.wait("the first number comes to the server", |record| record.bytes(1, Way::ToServer) == b"20\n")?;
    // The server has read it, and then it has done all that it does when it is asked to stop.
    stage.settle()?;
    stage.interrupt(SERVER, 1)?;
    stage.settle()?;
    stage.type_line(CLIENT, "22")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.ends(SERVER)
}

fn judge(record: &Record) -> Finding {
    let answered = record.bytes(1, Way::ToClient) == SUM;
    match record.exit(SERVER) {
        None if answered => Finding::Broke(
            "the server was asked to stop, has nothing left to do, and waits for the next client".to_string(),
        ),
        None => Finding::Other("the sum that was begun was not answered, and the server does not end".to_string()),
        Some(_) if !answered => Finding::Other("the server ended, and the sum that was begun is lost".to_string()),
        Some(Exit::Status(0)) => {
            Finding::Held("the server was asked to stop, answered the sum that was begun, and ended".to_string())
        }
        Some(_) => Finding::Other("the server answered, and then it did not end with status 0".to_string()),
    }
}

/// A client has been answered and sits in front of its prompt.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the client is answered", |record| record.lines(CLIENT).len() == 2)?;
    stage.settle()?;
    stage.interrupt(SERVER, 1)?;
    stage.wait("the server ends the conversation", |record| record.fin(1, Way::ToClient))?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.exits(SERVER)?;
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let ended = record.exit(SERVER).is_some_and(Exit::is_success);
    if !finished::printed(record, &[ZERO]) {
        finished::finding(false, "")
    } else if ended && !record.reset(1, Way::ToClient) {
        Finding::Held("the server was asked to stop, ended the conversation with a FIN, and then itself".to_string())
    } else {
        Finding::Other("the server was asked to stop and did not end well".to_string())
    }
}
