//! `inherited-listener`: the server has ended and its port is taken all the same, by a child that never asked for it.

use lab::kernel::{self, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Who};

use crate::restart::{SECOND, in_use, is_up, peer};

mod broken;
mod fixed;

/// The client that comes after the restart.
const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "inherited-listener",
    question: "The server is gone and the port is still taken; who has it?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("a child gets open sockets of its parent by the number of the descriptor")],
    play,
    judge,
    dissect: lab::dissect_text, // it starts no other program
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.orphans();
    stage.server()?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        stage.settle()?;
        if is_up(stage, SERVER) {
            stage.kill(SERVER)?;
        }
    } else {
        stage.exits(SERVER)?;
    }
    if kernel::sees_sockets() {
        let listens = stage.sockets().unwrap_or_default().iter().any(|socket| socket.state == State::Listen);
        stage.fact(
            SERVER,
            if listens { "a socket listens at the server's port" } else { "no socket listens at the server's port" },
        );
    }
    let second = stage.server_again()?;
    if is_up(stage, second) {
        stage.step(second, "listens");
        stage.client(&[])?;
        stage.ends(LATER)?;
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        Finding::Other("the first client was not greeted with hi".to_string())
    } else if in_use(record, SECOND) {
        Finding::Broke("the server has ended, and a child of it still listens at its address".to_string())
    } else if record.lines(LATER) == ["hi"] {
        Finding::Held("the child did not get the listener, so the port was free when the server had ended".to_string())
    } else {
        Finding::Other("the second server listens but did not greet a client with hi".to_string())
    }
}
