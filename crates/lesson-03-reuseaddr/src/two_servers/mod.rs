//! `two-servers`: a server is started while another one listens at the same address.

use lab::kernel::State;
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Rehearsal, Role, Side, Stage, Void};

use crate::restart::{REHEARSAL, SECOND, in_use};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

const TWICE: &str = "two clients were greeted with \"hi 1\"";
const ONCE: &str = "100 clients, no two greetings alike";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "two-servers",
    question: "The old server still runs; what happens when a second one takes its address?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("it is Linux that deals out connections to all sockets that share a port")],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { serve: &["--quiet"], judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let second = stage.server_again()?;
    let listening = stage.sockets().unwrap_or_default();
    match listening.iter().filter(|socket| socket.state == State::Listen).count() {
        1 => stage.fact(second, "one socket listens at this address"),
        2 => stage.fact(second, "two sockets listen at this address, of two processes"),
        number => return Err(Void(format!("{number} sockets listen, instead of one or two")).into()),
    }
    let client = stage.client(&[])?;
    stage.ends(client)
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT);
    let shared = record.exit(SECOND).is_none();
    if shared && (heard == [TWICE] || matches!(record.cast, Cast::Yours(_))) {
        Finding::Broke("two servers share the address unnoticed, and each greeted somebody as number 1".to_string())
    } else if in_use(record, SECOND) && heard == [ONCE] {
        Finding::Held(
            "the second server was refused although it set SO_REUSEADDR; the first served everybody".to_string(),
        )
    } else if in_use(record, SECOND) {
        Finding::Other(
            "the second server was refused, but the first did not number its clients: hi 1, hi 2".to_string(),
        )
    } else {
        Finding::Other("the second server ended, but not because of the address".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    if in_use(record, SECOND) && record.lines(CLIENT) == ["hi"] {
        Finding::Held("the second server was refused, and the first greeted the client".to_string())
    } else {
        Finding::Other("the second server was not refused, or the first did not greet the client".to_string())
    }
}
