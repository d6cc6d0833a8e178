//! `unread-data`: a server answers before it has read the whole request, and closes.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Way};

use crate::finished;

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
pub(crate) mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "unread-data",
    question: "I wrote the whole answer and closed: why does the client get a part and a reset?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

/// A direct play: a relay would read what the client does not.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "asked for the page")?;
    if matches!(stage.cast(), Cast::Yours(_)) || !kernel::sees_sockets() {
        stage.settle()?;
    } else {
        queues(stage)?;
    }
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// More than the finished server reads at once: it answers the first part while the rest lies unread.
const REQUEST: &[u8] = &[b'x'; 2500];

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut caller = stage.attacker()?;
    caller.send(REQUEST);
    caller.half_close();
    caller.receive_all(10 * REQUEST.len());
    Ok(())
}

/// Waits until the server has done with the connection, and says what its kernel still has of it.
fn queues(stage: &Stage) -> anyhow::Result<()> {
    let port = stage.address()?.port();
    let is = |state: State| move |socket: &Socket| socket.local.port() == port && socket.state == state;
    if !stage.sees(|sockets| !sockets.iter().any(is(State::Established))) {
        return Err(Void("the server did not end its answer before the client read it".to_string()).into());
    }
    let closing = stage.sockets().unwrap_or_default().into_iter().find(is(State::FinWait1));
    match closing {
        Some(socket) if socket.unacknowledged > 0 => {
            stage.fact(SERVER, "the server's end is in FIN-WAIT-1 and still has bytes of the page to send");
        }
        _ => stage.fact(SERVER, "nothing is left of the server's end, nor of the bytes that it had still to send"),
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT).concat();
    if heard.contains("a part of the page, then: ") {
        Finding::Broke(
            "the server closed with unread bytes: that reset the connection and threw away the answer".to_string(),
        )
    } else if heard.contains("the whole page") {
        Finding::Held("the page came whole: the server did not close while bytes of the request lay unread".to_string())
    } else {
        Finding::Other("the client got something else than the page of 100000 bytes".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::unstamped(&record.bytes(1, Way::ToClient)) == REQUEST;
    if whole && record.fin(1, Way::ToClient) {
        Finding::Held("the server read the request to its end before it closed, and every answer came".to_string())
    } else {
        Finding::Other("not every byte of the request came back, or the connection was reset".to_string())
    }
}
