//! `restart`: a server is killed in the middle of a session, and started again while its client has not noticed.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Void, Who};

use crate::finished;
use crate::one_panic::peer;
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// The server that is started at the address of the first, and the client that comes to it.
const SECOND: Who = Who { number: 2, ..SERVER };
const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "restart",
    question: "The server is dead. Who keeps its port?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("Windows lets a server bind while the sessions of the last one are not over")],
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

/// Without a relay, which would end the session at both sides.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() != Cast::Finished {
        // The finished server logs a session after it has ended it.
        stage.lockstep();
    }
    stage.server()?;
    talk(stage, CLIENT)?;
    stage.kill(SERVER)?;
    waits_for_the_client(stage)?;
    let second = stage.server_again()?;
    if stage.record(|record| record.exit(second).is_none()) {
        stage.step(second, "listens, beside what is left of the session");
        talk(stage, LATER)?;
        stage.end_input(LATER)?;
        stage.ends(LATER)?;
    }
    stage.type_line(CLIENT, "0")?;
    stage.ends(CLIENT)
}

/// A client comes, is greeted, asks for `0` and is answered.
fn talk(stage: &mut Stage, who: Who) -> anyhow::Result<()> {
    stage.talkative_client()?;
    stage.wait("a client is greeted", |record| record.lines(who).len() == 1)?;
    stage.type_line(who, "0")?;
    stage.wait("a client is answered", |record| record.lines(who).len() == 2)
}

/// Waits until the kernel has closed the server's end for it, and says so on the record.
fn waits_for_the_client(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let left = |socket: &Socket| socket.state == State::FinWait2 && socket.local.port() == port;
    if !stage.sees(|sockets| sockets.iter().any(left)) {
        return Err(Void("the session of the killed server did not come into FIN-WAIT-2".to_string()).into());
    }
    stage.fact(SERVER, "the session is in FIN-WAIT-2: closed here, open at the client; no process owns it any more");
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let served = [GREETING, ZERO];
    let said = record.complaints(SECOND).iter().any(|line| line.contains("in use"));
    let in_use = said || matches!(record.cast, Cast::Yours(_));
    if !record.lines(CLIENT).starts_with(&served) {
        Finding::Other("the first client was not greeted and answered".to_string())
    } else if record.exit(SECOND).is_some_and(|exit| !exit.is_success()) && in_use {
        Finding::Broke(
            "the server cannot start again: a client that has not noticed its end still holds the session".to_string(),
        )
    } else if record.lines(LATER) == served {
        Finding::Held("the server started again at once, beside a session that its client still holds".to_string())
    } else {
        Finding::Other("the second server did not greet and answer a client".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let holds = finished::printed_by(record, LATER, &[ZERO]);
    finished::finding(holds, "the server started again at once, beside a session that its client still held")
}
