//! `two-writes`: a short answer in two writes, and where its second part is meanwhile. Without a relay: one connection.

use std::cell::Cell;

use lab::kernel::{Socket, State};
use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, What};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire, and lengths are native-endian")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire, and lengths are native-endian")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "lengths are native-endian on this wire")]
mod peer;

/// Commands that are typed at once: the next one has to follow its answer quickly. A kernel delays acknowledgements where
/// an answer soon follows what came; not at the beginning of a connection, and not where the lab took its time in between.
const ROUND: usize = 10;
/// As many rounds as it takes to catch a body that waits, on a machine that has other things to do as well, but no more.
const MOST: usize = 10;
const COMMAND: &str = "echo hello";
const RESULT: &str = "hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "two-writes",
    question: "When does the second of two writes leave?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::SocketTables],
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[], judge)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let port = stage.address()?.port();
    stage.talkative_client()?;
    stage.uncounted();
    let waited = Cell::new(false);
    for round in 1..=MOST {
        for _ in 0..ROUND {
            stage.type_line(CLIENT, COMMAND)?;
        }
        // Looks at the sockets again and again until the client has printed its answers.
        let answered = stage.sees(|_| {
            // While a write is under way its bytes are in the queue too, with either cast.
            waited.set(waited.get() || stage.sockets_at_rest().is_some_and(|sockets| waits(&sockets, port)));
            stage.record(|record| record.lines(CLIENT).len() >= round * ROUND)
        });
        if !answered || waited.get() {
            break;
        }
    }
    if waited.get() {
        stage.fact(SERVER, "the server's queue holds a body that has not been sent; the client's queue is empty");
    }
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

/// The client has read all that came, and the server's kernel keeps bytes to itself.
fn waits(sockets: &[Socket], port: u16) -> bool {
    let open = || sockets.iter().filter(|socket| socket.state == State::Established);
    let unsent = open().any(|socket| socket.local.port() == port && socket.unsent > 0);
    let unread = open().any(|socket| socket.remote.port() == port && socket.unread > 0);
    unsent && !unread
}

fn judge(record: &Record) -> Finding {
    let typed = record.events.iter().filter(|event| matches!(event.what, What::Typed(_))).count();
    let results = record.lines(CLIENT);
    if results.len() != typed || results.iter().any(|result| *result != RESULT) {
        Finding::Other("the client did not get the results of all its commands".to_string())
    } else if !record.kernel().is_empty() {
        Finding::Broke(
            "the body was written and not sent: it waited until the client's kernel acknowledged the length"
                .to_string(),
        )
    } else {
        Finding::Held("no body waited in the server's queue for an acknowledgement of its length".to_string())
    }
}
