//! `no-limit`: three clients are being served, the machine has no room for one more thread, and a fourth client comes.

use std::thread;
use std::time::{Duration, Instant};

use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, SERVER, Seen, Side, Stage, Void,
    Way,
};

use crate::finished;
use crate::guest::{self, Due, End, Guest, PATIENCE, Played, Stop, difference};
use crate::one_panic::{SECOND, TWICE, peer};
use crate::wire::{self, GREETING, GREETING_AND_ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// Clients that say nothing, beside one that does: as many as `fixed` serves.
const IDLE: usize = 2;
/// The connection of the client that comes last.
const LAST: usize = IDLE + 2;
/// Less than the stack of a thread: 2 MiB in Rust, as a rule 8 MiB in C and Python.
const ROOM: u64 = 1536 * 1024;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-limit",
    question: "How many clients may a server have?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a running server is limited by prlimit"), Need::Program("prlimit")],
    play,
    judge,
    dissect: wire::dissect,
    wire: &[
        wire::GREETS,
        wire::TURNS,
        wire::ANSWERS,
        "at least 3 clients at the same time are served; up to 60 come, and the memory may run out meanwhile",
        "<- to a client that is not served: one line of text, such as 'server full', in place of the greeting, then the end (a \
         FIN, no reset)",
        "when clients have left, in whatever way, others are served in their places within 5 seconds",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { serve: &["--clients", "3"], ..finished::rehearsal(&["0"], judge) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the first command is answered", |record| record.bytes(1, Way::ToClient) == GREETING_AND_ZERO)?;
    for _ in 0..IDLE {
        let mut idle = stage.attacker()?;
        if idle.receive(GREETING.len()) != GREETING.as_bytes() {
            return Err(Void("a client that says nothing was not greeted".to_string()).into());
        }
        stage.keep(idle);
    }
    stage.spare_memory(SERVER, ROOM)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)?;
    stage.settle()?;
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

static GREETED: Due = Due {
    name: "three-places",
    requires: "three clients at the same time are served",
    whom: "one of the first three clients",
    missed: "is not served",
    hint: "serve at least three clients at the same time",
};
static GO_ON: Due = Due {
    name: "others-go-on",
    requires: "whoever is in is served on",
    whom: "a client that was in",
    missed: "is not answered any more",
    hint: "whatever goes wrong with one client more must be caught in the loop of accept, and the others left alone",
};
static TOLD: Due = Due {
    name: "full-is-said",
    requires: "whoever finds no place is told so, and sent the end",
    whom: "a client that comes when there is no more room",
    missed: "is neither served nor told",
    hint: "count your clients, and catch the error of a thread that cannot be started (RuntimeError in Python, EAGAIN in C): \
           say in a line that you are full, close the connection and go on accepting",
};
static COME_BACK: Due = Due {
    name: "places-come-back",
    requires: "the places of those who have left are free again",
    whom: "a client that comes when others have left",
    missed: "finds no place",
    hint: "give the place back however a conversation ends: in a finally, a guard with Drop, or an event that always comes",
};
/// So many more clients come when the memory is short: more than threads with the smallest stacks find room.
const MANY: usize = 40;
/// Between two tries to find a place that has become free.
const PAUSE: Duration = Duration::from_millis(100);

fn forms() -> Vec<Form> {
    vec![
        Form::new("three clients are in, there is no memory for a thread, and a fourth comes", play)
            .rule(GREETED.and(|record| {
                let greeted = (1..LAST)
                    .all(|connection| record.bytes(connection, Way::ToClient).starts_with(GREETING.as_bytes()));
                Seen::kept_if(greeted, "one of the first three clients was not greeted")
            }))
            .rule(GO_ON.and(|record| {
                let answers = record.bytes(1, Way::ToClient);
                if !fourth_came(record) {
                    return Seen::Kept;
                }
                let seen = difference(TWICE, &answers);
                Seen::kept_if(
                    answers == TWICE,
                    format!("the client that was in before is not answered any more: {seen}"),
                )
            }))
            .rule(TOLD.and(|record| {
                let heard = record.bytes(LAST, Way::ToClient);
                let [ended, reset] = [record.fin(LAST, Way::ToClient), record.reset(LAST, Way::ToClient)];
                match refusal(&heard, ended, reset) {
                    _ if !fourth_came(record) => Seen::Kept,
                    Ok(()) => Seen::Kept,
                    Err(why) => Seen::Violated(format!("the fourth client is neither served nor told: {why}")),
                }
            }))
            // Whether they are served is what the rules are about.
            .allow(Allowed::Fails(CLIENT))
            .allow(Allowed::Fails(SECOND))
            .allow(Allowed::Hangs(CLIENT))
            .allow(Allowed::Hangs(SECOND)),
        guest::form("three clients are in, there is no memory for a thread, and forty more come", many)
            .rule(GREETED.rule())
            .rule(GO_ON.rule())
            .rule(TOLD.rule())
            .rule(COME_BACK.rule()),
        guest::form("clients leave in three ways, and others come, three times", come_and_go)
            .rule(GREETED.rule())
            .rule(GO_ON.rule())
            .rule(COME_BACK.rule()),
        guest::form("fifty clients reset, one after the other, and others come", resets)
            .rule(GREETED.rule())
            .rule(COME_BACK.rule()),
    ]
}

fn fourth_came(record: &Record) -> bool {
    record.events.iter().any(|event| event.who == SECOND)
}

/// Whether this is a service or an honest refusal; else what it is.
fn refusal(heard: &[u8], ended: bool, reset: bool) -> Result<(), String> {
    let text = str::from_utf8(heard).is_ok_and(|text| !text.trim().is_empty());
    match (heard, ended, reset) {
        (GREETING_AND_ZERO, ..) => Ok(()),
        ([], _, true) => Err("the connection is reset, and nothing was said".to_string()),
        ([], true, _) => Err("the connection is closed, and nothing was said".to_string()),
        ([], ..) => Err("nothing comes, and no end either".to_string()),
        _ if heard.starts_with(GREETING.as_bytes()) => Err("it is greeted, and its 0 is not answered".to_string()),
        (_, true, false) if text => Ok(()),
        (_, _, true) => Err("it is told something, and the connection is reset".to_string()),
        (_, false, _) => Err("it is told something, and there is no end".to_string()),
        _ => Err("what comes is no text".to_string()),
    }
}

/// Comes in, or is refused: then it has gone again.
fn tries(stage: &mut Stage) -> Result<Option<Guest>, Stop> {
    let mut guest = Guest::enter(stage, &TOLD)?;
    let heard = guest.hears_up_to(stage, GREETING.len())?;
    if heard == GREETING.as_bytes() {
        return Ok(Some(guest));
    }
    let rest = if guest.end(stage) == End::None { guest.hears_up_to(stage, 1024)? } else { Vec::new() };
    let end = guest.end(stage);
    refusal(&[heard, rest].concat(), end != End::None, end == End::Reset)
        .map_err(|why| TOLD.missed(guest.who(), why))?;
    Ok(None)
}

/// Finds a place that has become free, at the latest after five seconds.
fn finds_a_place(stage: &mut Stage) -> Result<Guest, Stop> {
    let begin = Instant::now();
    loop {
        let mut guest = Guest::enter(stage, &COME_BACK)?;
        let heard = guest.hears_up_to(stage, GREETING.len())?;
        if heard == GREETING.as_bytes() {
            return Ok(guest);
        }
        if begin.elapsed() > PATIENCE / 2 {
            return Err(COME_BACK.missed(guest.who(), difference(GREETING.as_bytes(), &heard)));
        }
        #[expect(clippy::disallowed_methods, reason = "nothing tells that a place is free, so it tries later")]
        thread::sleep(PAUSE);
    }
}

fn many(stage: &mut Stage) -> Played {
    let mut first = Vec::new();
    for _ in 0..=IDLE {
        let mut guest = Guest::greeted(stage, &GREETED)?;
        guest.asks_zero(stage, &GREETED)?;
        first.push(guest);
    }
    stage.settle()?;
    stage.spare_memory(SERVER, ROOM)?;
    let mut more = Vec::new();
    let mut refused = 0;
    for _ in 0..MANY {
        match tries(stage)? {
            Some(guest) => more.push(guest),
            None => refused += 1,
        }
        if refused == 3 {
            break;
        }
    }
    for guest in &mut first {
        guest.asks_zero(stage, &GO_ON)?;
    }
    first.into_iter().chain(more).for_each(Guest::leaves);
    let mut last = finds_a_place(stage)?;
    last.asks_zero(stage, &COME_BACK)
}

fn come_and_go(stage: &mut Stage) -> Played {
    for round in 0..3 {
        let mut inside = Vec::new();
        for _ in 0..=IDLE {
            let mut guest = if round == 0 { Guest::greeted(stage, &GREETED)? } else { finds_a_place(stage)? };
            guest.asks_zero(stage, if round == 0 { &GREETED } else { &COME_BACK })?;
            inside.push(guest);
        }
        for (place, mut guest) in inside.into_iter().enumerate() {
            match place {
                0 => guest.leaves(),
                1 => guest.resets(),
                _ => {
                    guest.says(b"exit");
                    guest.hears_the_end(stage, "", &GO_ON)?;
                }
            }
        }
    }
    Ok(())
}

/// More resets than most servers have places: one that loses a place by each has none left.
const RESETS: usize = 50;

fn resets(stage: &mut Stage) -> Played {
    for place in 0..RESETS {
        let guest = if place == 0 { Guest::greeted(stage, &GREETED)? } else { finds_a_place(stage)? };
        guest.resets();
    }
    let mut last = Vec::new();
    for _ in 0..=IDLE {
        last.push(finds_a_place(stage)?);
    }
    last.iter_mut().try_for_each(|guest| guest.asks_zero(stage, &COME_BACK))
}

fn judge(record: &Record) -> Finding {
    let heard = record.bytes(LAST, Way::ToClient);
    if record.exit(SERVER).is_some_and(|exit| !exit.is_success()) {
        Finding::Broke("one client more than there was room for, and the server ended for all of them".to_string())
    } else if record.bytes(1, Way::ToClient) != TWICE {
        Finding::Other("one client more than there was room for, and another one was not served any more".to_string())
    } else if heard == GREETING_AND_ZERO {
        Finding::Held("there was room for one client more, and all of them were served".to_string())
    } else if heard.is_empty() {
        Finding::Other("the client for whom there was no room was not told so".to_string())
    } else if record.reset(LAST, Way::ToClient) || !record.fin(LAST, Way::ToClient) {
        Finding::Other("the client for whom there was no room was told something, but not sent the end".to_string())
    } else {
        Finding::Held("the client for whom there was no room was told so, and the others were served".to_string())
    }
}
