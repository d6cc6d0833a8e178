//! `anyone-can-stop-it`: a stranger sends the server the datagram `exit`.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Way, Who};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// The client that comes after the stranger.
const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "anyone-can-stop-it",
    question: "Who can end the server?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    stage.datagram_relay(lab::Fates::default())?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    let mut stranger = stage.datagram_attacker()?;
    stranger.send(SERVER, b"exit")?;
    // A server of one's own need not answer this.
    if !matches!(stage.cast(), Cast::Yours(_)) {
        stranger.receive();
    }
    stage.settle()?;
    stranger.received();
    if stage.record(|record| record.exit(SERVER).is_some()) {
        return Ok(());
    }
    stage.client(&["hello"])?;
    stage.ends(LATER)
}

fn judge(record: &Record) -> Finding {
    let answer = |connection| record.datagrams(connection, Way::ToClient);
    if answer(1) != [b"hello"] {
        Finding::Other("the first client did not get its hello back".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke("a stranger sent exit, and the server ended: it is gone for every client".to_string())
    } else if answer(3) == [b"hello"] {
        Finding::Held("a stranger sent exit, and the server went on: the next client was answered".to_string())
    } else {
        Finding::Other("after the stranger's exit the server runs but does not answer the next client".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let lives = record.exit(SERVER).is_none() && record.exit(LATER).is_some_and(lab::Exit::is_success);
    finished::finding(
        lives && finished::printed(record, &["hello"]),
        "a stranger sent exit, and the server went on: the next client was answered",
    )
}
