//! `no-descriptors`: the server has as many files and sockets open as it may, and one more client comes.

use std::time::Duration;

use lab::kernel::State;
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Void};

use crate::finished;
use crate::one_panic::peer;
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(
    clippy::disallowed_methods,
    reason = "a command is whatever one read gives; nothing tells that accept would succeed again, so it tries later"
)]
mod fixed;

/// The fact that decides.
const SPINS: &str = "meanwhile the server keeps a processor busy";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-descriptors",
    question: "What does a server do when it may open no more sockets?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[
        Need::Linux("the limit of a running server is lowered by prlimit"),
        Need::SocketTables,
        Need::Program("prlimit"),
    ],
    play,
    judge,
    dissect: wire::dissect,
    finished: Some(finished::rehearsal(&["0"], judge)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.uncounted();
    // Longer than the pause of a server that makes one.
    stage.patience(Duration::from_secs(2));
    stage.server()?;
    stage.spare_descriptors(SERVER, 1)?;
    let mut last = stage.attacker()?;
    if last.receive(GREETING.len()) != GREETING.as_bytes() {
        return Err(Void("the client that takes the last descriptor was not greeted".to_string()).into());
    }
    stage.client(&["0"])?;
    if !stage.sees(|sockets| sockets.iter().any(|socket| socket.state == State::Listen && socket.unread == 1)) {
        return Err(Void("no client waits for accept".to_string()).into());
    }
    stage.fact(CLIENT, "the client's connection is made, and waits for accept");
    // The first line of the server says where it listens.
    match stage.cast() {
        Cast::Broken => stage.wait("the log of the server grows", |record| record.prints_on(SERVER))?,
        Cast::Fixed => stage.wait("the server tries again", |record| record.complaints(SERVER).len() > 1)?,
        Cast::Finished | Cast::Yours(_) => {}
    }
    if stage.spins(SERVER)? {
        stage.fact(CLIENT, SPINS);
    } else if stage.record(|record| record.exit(SERVER).is_none()) {
        stage.fact(CLIENT, "meanwhile the server sleeps");
    }
    last.half_close();
    last.receive_all(1);
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    if record.exit(SERVER).is_some() {
        Finding::Other("accept failed for want of a descriptor, and the server ended".to_string())
    } else if record.kernel().contains(&SPINS) {
        Finding::Broke(
            "no descriptor was left for a client that waits, and the server called accept again without a pause"
                .to_string(),
        )
    } else if record.lines(CLIENT) == [GREETING, ZERO] {
        Finding::Held("the server paused until a descriptor was free, and served the client that waited".to_string())
    } else {
        Finding::Other("a descriptor became free, and the client that waited was not served".to_string())
    }
}
