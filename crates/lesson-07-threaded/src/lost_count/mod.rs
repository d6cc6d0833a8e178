//! `lost-count`: two clients are asked before either answers, and both say yes.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, Side, Stage, Way, Who};

mod broken;
mod fixed;
mod peer;

const SECOND: Who = Who { number: 2, ..CLIENT };
const ASKED: &[u8] = b"0 sold, one more?\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-count",
    question: "Both threads counted. Why is one of two sales missing?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    ..lab::EXPERIMENT
};

/// Each step waits for the one before: no two threads run at the same time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    for who in [CLIENT, SECOND] {
        stage.talkative_client()?;
        if matches!(stage.cast(), Cast::Yours(_)) {
            stage.settle()?;
            if stage.record(|record| record.lines(who).is_empty()) {
                // A server that holds its lock until the first client has answered does not ask the second.
                return stage.ends(who);
            }
        }
        stage.says(who, "sold")?;
    }
    for who in [CLIENT, SECOND] {
        stage.type_line(who, "yes")?;
        stage.ends(who)?;
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let tickets: Vec<Option<Vec<u8>>> = [1, 2]
        .iter()
        .map(|connection| Some(record.bytes(*connection, Way::ToClient).strip_prefix(ASKED)?.to_vec()))
        .collect();
    match [&tickets[0], &tickets[1]].map(|ticket| ticket.as_deref()) {
        [Some(b"ticket 1\n"), Some(b"ticket 2\n")] => {
            Finding::Held("two clients bought, one after the other, and hold the tickets 1 and 2".to_string())
        }
        [Some(b"ticket 1\n"), Some(b"ticket 1\n")] => Finding::Broke(
            "two clients bought, and both hold ticket 1: the second sale overwrote the first".to_string(),
        ),
        [None, _] => Finding::Other("the first client was not told that 0 are sold".to_string()),
        [_, None] => {
            Finding::Other("while the first client thinks, the second is not told that 0 are sold".to_string())
        }
        _ => Finding::Other("the clients do not hold the tickets 1 and 2".to_string()),
    }
}
