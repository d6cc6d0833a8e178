//! `two-writes`: a short answer in two writes, and where its second part is meanwhile. Without a relay: one connection.

use std::cell::Cell;
use std::time::{Duration, Instant};

use lab::kernel::{Socket, State};
use lab::{
    CLIENT, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Void, Way, What,
    wire,
};

use crate::split_header::forms;

#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire, and lengths are native-endian")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire, and lengths are native-endian")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "lengths are native-endian on this wire")]
mod peer;

/// Commands that are typed at once: the next one has to follow its answer quickly. A kernel delays acknowledgements
/// where an answer soon follows what came; not at the beginning of a connection, and not where the lab took its time in
/// between.
const ROUND: usize = 5;
/// In so many rounds an answer has to leave while nothing of it is acknowledged: then the trap was there, and it left
/// all the same.
const STRUCK: usize = 2;
/// Commands of a peer that the lab plays, at most.
const MOST_ASKED: usize = 200;
/// For so long.
const LONGEST: Duration = Duration::from_secs(20);
/// As many rounds as it takes to see that, on a machine that has other things to do as well, but no more: the record
/// keeps 400 lines of each actor.
const MOST: usize = 75;
const COMMAND: &str = "echo ";
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
    wire: &WIRE,
    forms: |_| forms(),
    // Not the finished program: a sign of life may come with every reply, so its client has acknowledged a reply before
    // anybody could look, and what is not seen to leave at once is not said to hold.
    ..lab::EXPERIMENT
};

const WIRE: [&str; 4] = [
    "-> a command as it was typed, echo TEXT of at most 1024 bytes, in one piece; the next when the result is there",
    "<- 4 bytes length of the result, signed, in the byte order of the machine, then the result: TEXT",
    "no part of an answer may wait in the server's queue until the part before it is acknowledged",
    "the server ends its stream when the client has ended its own",
];

fn forms() -> Vec<Form> {
    vec![
        answers("results of 5 bytes", RESULT),
        answers("results of 1 byte", "x"),
        answers("results of 300 bytes", &"y".repeat(300)),
        answers("results of several words", "two words, or three"),
    ]
}

/// Commands that all have this result, from a peer that the lab plays: it leaves an answer unread until its kernel has
/// all of it, so that reading acknowledges nothing.
fn answers(name: &str, result: &str) -> Form {
    let (asked, expected) = (result.to_string(), result.to_string());
    Form::new(name, move |stage: &mut Stage| ask(stage, &asked))
        .rule(Rule::new("results", "the client gets every result", move |record| results(record, &expected)))
        .rule(
            Rule::new("no-wait", "no part of an answer waits for an acknowledgement", |record| {
                Seen::kept_if(record.kernel().is_empty(), record.kernel().first().copied().unwrap_or_default())
            })
            .hint(
                "write length and result in one call, or set TCP_NODELAY, so that Nagle's algorithm does not hold the \
                 second write back",
            ),
        )
}

/// Every command has its result: on the standard output of the client, or on the wire of the peer.
fn results(record: &Record, result: &str) -> Seen {
    let typed = record.events.iter().filter(|event| matches!(event.what, What::Typed(_))).count();
    if typed > 0 {
        let lines = record.lines(CLIENT);
        let right = lines.len() == typed && lines.iter().all(|line| *line == result);
        return Seen::kept_if(right, format!("the client got {} results for {typed} commands", lines.len()));
    }
    let [sent, got] = [Way::ToServer, Way::ToClient].map(|way| record.bytes(1, way));
    let answer = answer(result);
    let commands = sent.len() / (COMMAND.len() + result.len());
    let wrong = |part: &[u8]| {
        let (part, answer) = (wire::quoted(part), wire::quoted(&answer));
        Seen::Violated(format!("an answer is {part}; expected: {answer}"))
    };
    match got.chunks(answer.len()).find(|part| **part != answer) {
        Some(part) => wrong(part),
        None => {
            let answers = got.len() / answer.len();
            Seen::kept_if(answers == commands, format!("{answers} answers came for {commands} commands"))
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this wire has the byte order of the machine")]
fn answer(result: &str) -> Vec<u8> {
    [&(result.len() as i32).to_ne_bytes(), result.as_bytes()].concat()
}

/// What a look at an answer shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Nothing that lasts.
    Nothing,
    /// A part of it is there and unread, and the rest is in the server's queue.
    Waits,
    /// All of it is there, and nothing of it is acknowledged: the part that came last did not wait.
    LeftAtOnce,
    /// So many bytes are there, and the server's kernel has none left.
    Acknowledged(usize),
    /// The server has closed.
    Closed,
}

fn look_at(sockets: &[Socket], port: u16, answer: usize) -> Look {
    let open = |socket: &&Socket| socket.state == State::Established;
    let server = sockets.iter().filter(open).find(|socket| socket.local.port() == port);
    let peer = sockets.iter().filter(open).find(|socket| socket.remote.port() == port);
    let (Some(server), Some(peer)) = (server, peer) else { return Look::Closed };
    let [unsent, unacknowledged, unread] =
        [server.unsent, server.unacknowledged, peer.unread].map(|bytes| bytes as usize);
    match unread {
        0 => Look::Nothing,
        _ if unsent > 0 => Look::Waits,
        _ if unread == answer && unacknowledged == answer => Look::LeftAtOnce,
        _ if unacknowledged == 0 => Look::Acknowledged(unread),
        _ => Look::Nothing,
    }
}

/// Asks until so many answers have left while nothing of them was acknowledged, or a part of one waits.
fn ask(stage: &mut Stage, result: &str) -> anyhow::Result<()> {
    stage.server()?;
    let port = stage.address()?.port();
    let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
    let (command, answer) = (format!("{COMMAND}{result}"), answer(result));
    let mut struck = 0;
    let begin = Instant::now();
    for _ in 0..MOST_ASKED {
        if begin.elapsed() > LONGEST {
            break;
        }
        peer.send(command.as_bytes());
        let look = Cell::new(Look::Nothing);
        stage.sees(|sockets| {
            look.set(look_at(sockets, port, answer.len()));
            if look.get() == Look::Waits {
                // While a write is under way its bytes are in the queue too: only what is there at rest waits.
                let rest = stage.sockets_at_rest();
                look.set(rest.map_or(Look::Nothing, |sockets| look_at(&sockets, port, answer.len())));
            }
            match look.get() {
                Look::Nothing => false,
                Look::Acknowledged(bytes) => bytes >= answer.len(),
                _ => true,
            }
        });
        if look.get() == Look::Waits {
            stage.fact(SERVER, HELD);
        }
        struck += usize::from(look.get() == Look::LeftAtOnce);
        if peer.receive(answer.len()) != answer || look.get() == Look::Waits || struck == STRUCK {
            peer.half_close();
            peer.receive_all(4096);
            return Ok(());
        }
    }
    Err(Void(NOT_STRUCK.to_string()).into())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let port = stage.address()?.port();
    stage.talkative_client()?;
    stage.uncounted();
    let command = format!("{COMMAND}{RESULT}");
    let waited = Cell::new(false);
    let (mut struck, mut answered) = (0, true);
    for round in 1..=MOST {
        for _ in 0..ROUND {
            stage.type_line(CLIENT, &command)?;
        }
        let left = Cell::new(false);
        // Looks at the sockets again and again until the client has printed its answers and the last is acknowledged.
        answered = stage.sees(|_| {
            // While a write is under way its bytes are in the queue too, with either cast.
            let look = stage.sockets_at_rest();
            waited.set(waited.get() || look.as_ref().is_some_and(|sockets| waits(sockets, port)));
            let printed = stage.record(|record| record.lines(CLIENT).len() >= round * ROUND);
            let on_its_way = look.as_ref().and_then(|sockets| on_its_way(sockets, port));
            left.set(left.get() || printed && on_its_way == Some(4 + RESULT.len()));
            waited.get() || printed && (left.get() || on_its_way == Some(0))
        });
        struck += usize::from(left.get());
        if !answered || waited.get() || struck == STRUCK {
            break;
        }
    }
    if waited.get() {
        stage.fact(SERVER, HELD);
    }
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    if answered && !waited.get() && struck < STRUCK {
        return Err(Void(NOT_STRUCK.to_string()).into());
    }
    Ok(())
}

const HELD: &str = "the server's queue holds a body that has not been sent; the client's queue is empty";
const NOT_STRUCK: &str = "the client's kernel acknowledged every part of an answer before the lab had looked";

/// Bytes of the server that have left and are not acknowledged, where none waits to leave and the client has read all.
fn on_its_way(sockets: &[Socket], port: u16) -> Option<usize> {
    let server = sockets.iter().find(|socket| socket.state == State::Established && socket.local.port() == port)?;
    let client = sockets.iter().find(|socket| socket.state == State::Established && socket.remote.port() == port)?;
    (server.unsent == 0 && client.unread == 0).then_some(server.unacknowledged as usize)
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
