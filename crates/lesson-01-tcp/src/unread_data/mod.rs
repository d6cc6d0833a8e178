//! `unread-data`: a server answers before it has read the whole request, and closes.

use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{
    CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage, Void,
    Way, wire,
};

use crate::finished;
use crate::forms::{at_rest, slow_caller};

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
    needs: &[Need::UsualBuffers],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> a request: one line that begins with `page`, 64 KiB at most; it may come in pieces, some of them while the page is sent",
    "<- the page: `page` 25000 times, 100000 bytes; then the end of the stream, and no reset",
    "the client does not end its stream before it has read the page to its end; it may be slow to read",
    "one client after the other is right; a client may take 5 s",
];
/// The page.
const PAGE: &[u8] = &page();

const fn page() -> [u8; 100_000] {
    let mut page = [0; 100_000];
    let mut place = 0;
    while place < page.len() {
        page[place] = b"page"[place % 4];
        place += 1;
    }
    page
}

fn forms() -> Vec<Form> {
    let long = |length| [b"page, please".as_slice(), &vec![b'x'; length], b"\n"].concat();
    let (short, whole) = (long(0), long(20_000));
    let rest = whole[9_000..].to_vec();
    let begin = whole[..9_000].to_vec();
    vec![
        Form::new("a client that is slow to read", asks_and_reads_later).rule(shown()),
        Form::new("a request of 20000 bytes, and a client after it", move |stage| {
            asks(stage, &[&whole])?;
            asks(stage, &[&short])
        })
        .rule(page_comes(1, "the client"))
        .rule(page_comes(2, "the next client")),
        Form::new("a request that comes in two pieces", move |stage| asks(stage, &[&begin, &rest]))
            .rule(page_comes(1, "the client")),
        Form::new("a request that comes in three pieces, the first a part of its first word", |stage| {
            asks(stage, &[b"pa", b"ge, ple", b"ase\n"])
        })
        .rule(page_comes(1, "the client")),
    ]
}

/// What most servers that close too early have to do.
const UNREAD: &str = "a close with bytes of the client unread, or still to come, resets the connection: read the whole request \
                      before you answer, or after the answer shutdown(SHUT_WR) and read until the client closes";

fn page_rule(look: impl Fn(&Record) -> Seen + Send + Sync + 'static) -> Rule {
    Rule::new("page", "the page comes whole, and then the end of the stream", look).hint(UNREAD)
}

/// What the slow client says of the page.
fn shown() -> Rule {
    page_rule(|record| match record.lines(CLIENT).last() {
        Some(line) if line.starts_with("the whole page") => Seen::Kept,
        Some(line) if !line.starts_with("asked") => Seen::Violated(format!("the client gets {line}")),
        _ => Seen::Violated("the client got no page to its end".to_string()),
    })
}

/// A caller of the lab gets the page, and then the end.
fn page_comes(connection: usize, whom: &'static str) -> Rule {
    let bytes = wire::bytes(connection, Way::ToClient, "the page", PAGE);
    page_rule(move |record| match bytes.look(record) {
        Seen::Kept if record.reset(connection, Way::ToClient) => {
            Seen::Violated(format!("{whom} got the page, and then a reset in place of the end of the stream"))
        }
        Seen::Kept if !record.fin(connection, Way::ToClient) => {
            Seen::Violated(format!("{whom} got the page, and the server did not end its stream"))
        }
        Seen::Violated(_) if record.reset(connection, Way::ToClient) => {
            let came = record.bytes(connection, Way::ToClient).len();
            Seen::Violated(format!("{whom} got {came} of the {} bytes of the page, and then a reset", PAGE.len()))
        }
        seen => seen,
    })
}

/// So long nothing moves when a server has done what it does with what has come.
const QUIET: Duration = Duration::from_millis(300);

fn asks_and_reads_later(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "asked for the page")?;
    at_rest(stage, QUIET);
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// A caller sends its request in these pieces, each when the server has come to rest after the one before, and reads then.
fn asks(stage: &mut Stage, pieces: &[&[u8]]) -> anyhow::Result<()> {
    if stage.address().is_err() {
        stage.server()?;
    }
    let Some(mut caller) = slow_caller(stage) else { return Ok(()) };
    for piece in pieces {
        caller.send(piece);
        at_rest(stage, QUIET);
    }
    caller.receive_all(2 * PAGE.len());
    Ok(())
}

/// A direct play: a relay would read what the client does not.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "asked for the page")?;
    if !kernel::sees_sockets() {
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
