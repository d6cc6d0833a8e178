//! `borrowed-port`: a test looks for a free port, and somebody else takes it before the test does.

use std::net::SocketAddr;

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Void};

use crate::restart::{in_use, is_up};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "borrowed-port",
    question: "The port was free a moment ago; why is it in use now?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text, // it looks for no free port: its address is given
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    let test = stage.talkative_solo()?;
    stage.wait("the test prints the address that it has chosen", |record| chosen(record).is_some())?;
    let address = stage.record(chosen).ok_or_else(|| Void("the test chose no address".to_string()))?;
    stage.server_at(address);
    stage.step(SERVER, "is another program, and wants the same port");
    let other = stage.server_again()?;
    if is_up(stage, other) {
        stage.step(other, "listens there");
    }
    stage.type_line(test, "everything is prepared")?;
    stage.end_input(test)?;
    stage.ends(test)
}

/// The address on the first line of the test.
fn chosen(record: &Record) -> Option<SocketAddr> {
    record.lines(CLIENT).first()?.split_whitespace().last()?.parse().ok()
}

fn judge(record: &Record) -> Finding {
    let failed = record.exit(CLIENT).is_some_and(|exit| !exit.is_success());
    if record.exit(SERVER).is_none() && failed {
        Finding::Broke("the test gave the port back, and another program had it when the test came for it".to_string())
    } else if in_use(record, SERVER) && record.lines(CLIENT).last() == Some(&"hi") {
        Finding::Held("the test kept its listener open, and the other program was refused".to_string())
    } else {
        Finding::Other("the test was not greeted by its own server".to_string())
    }
}
