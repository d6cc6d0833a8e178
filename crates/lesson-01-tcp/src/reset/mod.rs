//! `reset`: one client resets its connection while it is served, and another one while it waits for its turn.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Void};

use crate::finished;
use crate::one_call::{call, peer};

#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "reset",
    question: "Can one client end the server for everybody?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    // The finished server writes its log while its client prints.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    let mut served = stage.attacker()?;
    served.send(b"hi");
    if served.receive(2).len() < 2 {
        return Err(Void("the server did not answer the first connection".to_string()).into());
    }
    stage.attacker()?.reset();
    stage.settle()?;
    served.reset();
    stage.settle()?;
    call(stage, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == ["connected", "hello"] {
        Finding::Held("two clients reset their connections, and the next one was served".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke(
            "a client reset its connection, the server ended with that error, and the next client was refused"
                .to_string(),
        )
    } else {
        Finding::Other("the server did not end, but the next client was not served".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["hello"]);
    finished::finding(served, "two clients reset their connections, and the next one was served")
}
