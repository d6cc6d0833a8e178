//! `ignored-connect`: the server has gone when the client connects.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ignored-connect",
    question: "Why does sending fail, when it is the server that is not there?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: None,
    check: Check::Side(Role::Client),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[],
    finished: None,
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
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
