//! `ignored-connect`: the server has gone when the client connects.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage};

use crate::finished;

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ignored-connect",
    question: "Why does sending fail, when it is the server that is not there?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { connect: &["--give-up", "0.3"], ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() == Cast::Finished {
        // It tries again for a while.
        stage.patience(Duration::from_millis(500));
    }
    stage.server()?;
    stage.kill(SERVER)?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    // Every system and every language says "refused" of a connect that nobody accepts.
    let refused = record.complaints(CLIENT).iter().any(|line| line.to_lowercase().contains("refused"));
    match record.exit(CLIENT) {
        Some(exit) if exit.is_success() => {
            Finding::Broke("the client ended as if all was well, and there was no server".to_string())
        }
        Some(_) if refused => Finding::Held("the client ended where it was refused, and said so".to_string()),
        Some(_) => Finding::Broke(
            "the client went on without a connection, and a later call failed with an error that says nothing of it"
                .to_string(),
        ),
        None => Finding::Broke("the client does not end, and there is no server".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    // Windows itself tries again for longer than this client does, so there it ends without an answer.
    let said = |line: &&str| line.contains("nobody listens on") || line.contains("no answer from");
    let said = record.complaints(CLIENT).last().is_some_and(said);
    if said && record.lines(CLIENT).is_empty() && record.exit(CLIENT).is_some_and(|exit| !exit.is_success()) {
        Finding::Held("the client tried until its time was up, sent nothing, and said that nobody listens".to_string())
    } else {
        Finding::Other("the client did not end with an error that names the server".to_string())
    }
}
