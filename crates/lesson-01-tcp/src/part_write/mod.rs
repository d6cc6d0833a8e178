//! `part-write`: one write with a timeout, to a client that does not read.

use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Way, What};

use crate::forms::{at_rest, caller, pause};

#[expect(clippy::disallowed_methods, clippy::unused_io_amount, reason = "the single write is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "it goes on with what a write has not taken")]
mod fixed;
mod peer;

const UNIX: Need = Need::Unix("where a write takes too long, Windows reports an error and no part");
const SENT: &str = "the page is sent";
const SLOW: &str = "the client is slow";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "part-write",
    question: "Does one write send everything that it is given?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[UNIX, Need::UsualBuffers],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: None, // it has no page: an answer is at most 1051 bytes
    ..lab::EXPERIMENT
};

/// The size of the page, bytes.
const SIZE: usize = 32 * 1024 * 1024;

const WIRE: &[&str] = &[
    "-> nothing: the server sends as soon as a client has connected",
    "<- the page: `page` 8388608 times, 33554432 bytes (32 MiB); then the end of the stream",
    "a client may read nothing for 2 s, and may take 10 s for the page; to serve one client after the other is right",
    "a client may leave in the middle; the next one gets the whole page",
];

fn forms() -> Vec<Form> {
    vec![
        Form::new("a client that reads when no more has room", reads_later).rule(shown()),
        Form::new("a client that reads nothing for 1.5 s, and then everything", |stage| {
            stage.server()?;
            takes_the_page(stage, &[SILENCE])
        })
        .rule(page_comes(1)),
        Form::new("a client that reads a part of the page now and then, for 5.2 s", |stage| {
            stage.server()?;
            takes_the_page(stage, &[NOW_AND_THEN; 4])
        })
        .rule(page_comes(1).hint(TIME)),
        Form::new("a client that leaves in the middle, and the next one", |stage| {
            stage.server()?;
            let Some(mut leaves) = caller(stage) else { return Ok(()) };
            leaves.receive(100_000);
            leaves.reset();
            takes_the_page(stage, &[])
        })
        .rule(page_comes(2)),
        Form::new("a client that has read a little and reads no more", reads_no_more),
    ]
}

/// When no more has room, the server has to wait until there is some.
fn reads_no_more(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut caller) = caller(stage) else { return Ok(()) };
    // A server may have to make its page first.
    caller.receive(4);
    stage.keep(caller);
    at_rest(stage, Duration::from_millis(700));
    stage.has_to_rest(SERVER)
}

/// So long a client of the lab reads nothing.
const SILENCE: Duration = Duration::from_millis(1500);

/// The pauses of one that is slow, and how much it reads after each.
const NOW_AND_THEN: Duration = Duration::from_millis(1300);
const PART: usize = SIZE / 8;

const TIME: &str = "a time limit of a call may be one for the whole page: settimeout and sendall of Python, say, which have to give \
                    it all of its 10 s";

/// What most servers that send a part have to do.
const REST: &str = "write, or send, says how much it took: continue behind that until all of it is sent; sendall and \
                    write_all do so, and when a time limit ends them nobody knows how far they came";

fn page_rule(look: impl Fn(&Record) -> Seen + Send + Sync + 'static) -> Rule {
    Rule::new("page", "the whole page comes, and then the end of the stream", look).hint(REST)
}

fn shown() -> Rule {
    page_rule(|record| match record.lines(CLIENT).last() {
        Some(&"the whole page came") => Seen::Kept,
        Some(line) if line.starts_with("a part of the page") => {
            Seen::Violated("the client did not get as many bytes as the page has before the stream ended".to_string())
        }
        _ => Seen::Violated("the client did not get to the end of the page".to_string()),
    })
}

/// What a caller of the lab found in the place of the page, which is longer than what is kept of it.
fn page_comes(connection: usize) -> Rule {
    page_rule(move |record| {
        let found = record.events.iter().find_map(|event| match &event.what {
            What::Step(text) => text.strip_prefix(FOUND),
            _ => None,
        });
        match found {
            Some("the page") if record.fin(connection, Way::ToClient) => Seen::Kept,
            Some("the page") if record.reset(connection, Way::ToClient) => {
                Seen::Violated("the page came, and then a reset in place of the end of the stream".to_string())
            }
            Some("the page") => Seen::Violated("the page came, and the server did not end its stream".to_string()),
            Some(other) => Seen::Violated(format!("in place of the page came {other}")),
            None => Seen::Violated("the next client was not let in".to_string()),
        }
    })
}

/// How the step of a caller begins that has read.
const FOUND: &str = "has read ";

/// A caller connects, is silent for each of these times and reads a part of the page after it, then to the end, and compares.
fn takes_the_page(stage: &mut Stage, silences: &[Duration]) -> anyhow::Result<()> {
    let Some(mut caller) = caller(stage) else { return Ok(()) };
    let mut came = Vec::new();
    for silence in silences {
        pause(*silence);
        came.extend(caller.receive(PART));
    }
    came.extend(caller.receive_all(SIZE + 1));
    let page = b"page".repeat(SIZE / 4);
    let common = came.len().min(page.len());
    let same = came[..common] == page[..common];
    let wrong = if same { None } else { came.iter().zip(&page).position(|(came, page)| came != page) };
    let found = match (wrong, came.len()) {
        (Some(place), length) => format!("{length} bytes, of which byte {place} is wrong"),
        (None, SIZE) => "the page".to_string(),
        (None, length) if length > SIZE => "more bytes than the page has".to_string(),
        (None, length) => format!("{length} of {SIZE} bytes"),
    };
    stage.step(caller.who(), format!("{FOUND}{found}"));
    Ok(())
}

fn reads_later(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "connected")?;
    at_rest(stage, Duration::from_millis(700));
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// A direct play: a relay would read what the client does not. The client reads when the first write has returned.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "connected")?;
    let returned = |line: &&str| line.contains(SENT) || line.contains(SLOW);
    stage.wait("the first write of the server", |record| record.lines(SERVER).iter().any(returned))?;
    queues(stage)?;
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// Says what the kernel has of the server's end of the connection.
fn queues(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let end = |state: State| move |socket: &Socket| socket.local.port() == port && socket.state == state;
    let sockets = stage.sockets().unwrap_or_default();
    if sockets.iter().any(end(State::FinWait1)) {
        stage.fact(SERVER, "the server has closed its end, and the kernel still has a part of the page to send");
    } else if sockets.iter().any(end(State::Established)) {
        stage.fact(SERVER, "the server's end is open, and the kernel has a part of the page to send");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT);
    if heard.contains(&"the whole page came") {
        Finding::Held(
            "the whole page came, although the client read nothing until the kernel had no room left".to_string(),
        )
    } else if heard.iter().any(|line| line.starts_with("a part of the page")) {
        Finding::Broke(
            "the write took a part of the page, said so in its result, and the rest was never sent".to_string(),
        )
    } else {
        Finding::Other("the client did not get to the end of the page".to_string())
    }
}
