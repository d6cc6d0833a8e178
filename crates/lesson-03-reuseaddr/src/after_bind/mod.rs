//! `after-bind`: the option is there, but it is set when `bind` has already been refused.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Who};

use crate::restart::{self, SECOND, greet_and_end, in_use, is_up, peer};

mod broken;
mod fixed;

/// The mended program, which is started when the second server was refused.
const THIRD: Who = Who { number: 3, ..SERVER };
/// The client that comes after the restart.
const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "after-bind",
    question: "I do set SO_REUSEADDR; why is the address still in use?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[restart::WINDOWS],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(lab::Rehearsal { judge, ..restart::REHEARSAL }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    greet_and_end(stage, CLIENT, SERVER)?;
    let second = stage.server_again()?;
    if is_up(stage, second) {
        stage.step(second, "listens, beside the connection in TIME-WAIT");
        stage.client(&[])?;
        return stage.ends(LATER);
    }
    // The same port at the same moment: only the order of two lines differs.
    stage.step(THIRD, "is the mended program: first the option, then bind");
    let third = stage.server_again_of(Cast::Fixed)?;
    if is_up(stage, third) {
        stage.step(third, "listens, beside the connection in TIME-WAIT");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        return Finding::Other("the first client was not greeted with hi".to_string());
    }
    match (in_use(record, SECOND), in_use(record, THIRD)) {
        (true, false) => Finding::Broke(
            "the option was set after bind: too late for this bind, which had been refused by then".to_string(),
        ),
        (true, true) => {
            Finding::Broke("the option was never set: not even the mended program gets the port".to_string())
        }
        _ if record.lines(LATER) == ["hi"] => {
            Finding::Held("the option was set before bind, and the server started again at once".to_string())
        }
        _ => Finding::Other("the second server listens but did not greet a client with hi".to_string()),
    }
}
