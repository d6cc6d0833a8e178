//! `slow-loris`: an attacker sends its name a byte at a time, and each byte comes well before the server's timeout.

use std::time::{Duration, Instant};

use lab::{
    CLIENT, Check, Event, Experiment, Finding, Form, Record, Rehearsal, Role, SERVER, Seen, Side, Stage, Void, Way,
    What,
};

use crate::finished;
use crate::guest::{self, Due, End, Guest, Played, Stop, difference};
use crate::wire::GREETING;

mod broken;
mod fixed;
mod peer;

const WELCOME: &[u8] = b"welcome\n";
/// The limit that both servers state.
const LIMIT: Duration = Duration::from_millis(300);
/// Not what the limit says.
const TOO_EARLY: &str = "had less than half of the time that the server says it gives";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "slow-loris",
    question: "A timeout is set. How long can one client keep a thread?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: &[
        "-> a name, 0 to 200 bytes without a newline, then a newline (0a), in any pieces",
        "<- when the name is whole: welcome and a newline, then the end",
        "the whole name has 300 ms from the connection on; a name that is not whole by then gets no welcome, but the end of the \
         connection (a reset will do), and a name that is whole after 100 ms is welcome",
        "one client at a time will do: the next one waits as long as that",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--lines", "--idle", "0.3"],
        ..finished::rehearsal(&[], judge_finished)
    }),
    ..lab::EXPERIMENT
};

/// The time that passes is no verdict: the server that has read a byte which was sent after its limit, and then one more,
/// does not keep the limit, however busy the machine is.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&["ann"])?;
    stage.ends(CLIENT)?;
    hold_out(stage)
}

/// The finished program has the limit for each of its commands.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    hold_out(stage)
}

fn hold_out(stage: &mut Stage) -> anyhow::Result<()> {
    let mut loris = stage.attacker()?;
    match loris.drip(b'a', LIMIT, 2 * LIMIT, b'\n')? {
        Some(age) if age < LIMIT / 2 => stage.step(loris.who(), TOO_EARLY),
        Some(_) => {}
        None => {
            loris.receive_all(WELCOME.len() + 1);
        }
    }
    Ok(())
}

static WELCOMED: Due = Due {
    name: "welcome-in-time",
    requires: "a name that comes in time is welcome, whole or in pieces",
    whom: "a client whose name comes in time",
    missed: "is not welcome",
    hint: "one read gives what has come by then: read on until the newline has come or the time limit is reached",
};
static ENDED: Due = Due {
    name: "ended-in-time",
    requires: "a client that does not say its name in time is closed",
    whom: "a client that does not say its name",
    missed: "is not closed at the time limit",
    hint: "a timeout of a socket is the limit of one read, and every byte begins a new one: compute one moment for the whole \
           name, and give each read what is left until then (asyncio: wait_for around all of it; Node: setTimeout, not \
           socket.setTimeout)",
};
static NOT_WELCOME: Due = Due {
    name: "late-is-not-welcome",
    requires: "a name that is not whole in time gets no welcome",
    whom: "a client whose name was not whole in time",
    missed: "is welcome all the same",
    hint: "at the time limit, close the connection silently",
};
/// By then a name that comes in pieces has to be whole.
const IN_TIME: Duration = Duration::from_millis(100);
/// So often a client whose name comes in time may come too late, for whatever reason, on a busy machine.
const TRIES: u32 = 5;

fn forms() -> Vec<Form> {
    vec![
        guest::form("a client sends a byte now and then", |stage| {
            is_welcome(stage, &[b"ann\n"])?;
            Ok(hold_out(stage)?)
        })
        .rule(WELCOMED.and(|record| {
            Seen::kept_if(!was_too_early(record), "a client that had sent the first bytes of its name was closed early")
        }))
        .rule(ENDED.and(|record| {
            let ended = dripped(record).is_none_or(|connection| has_ended(record, connection));
            Seen::kept_if(
                ended || was_too_early(record),
                "a name that takes more than twice the limit is waited for: each byte begins a new wait",
            )
        }))
        .rule(NOT_WELCOME.and(|record| {
            let ended = dripped(record).filter(|connection| has_ended(record, *connection));
            let heard = ended.map(|connection| record.bytes(connection, Way::ToClient)).unwrap_or_default();
            let seen = difference(b"", &heard);
            Seen::kept_if(
                heard.is_empty(),
                format!("a client whose name is not whole at the time limit is not closed silently: {seen}"),
            )
        })),
        guest::form("a name in two pieces", |stage| is_welcome(stage, &[b"an", b"n\n"])).rule(WELCOMED.rule()),
        guest::form("a name of 200 bytes in three pieces", |stage| {
            is_welcome(stage, &[&[b'a'; 70], &[b'b'; 70], &[b'c'; 60], b"\n"])
        })
        .rule(WELCOMED.rule()),
        guest::form("a name without a letter", |stage| is_welcome(stage, &[b"\n"])).rule(WELCOMED.rule()),
        silent("a client says nothing", b""),
        silent("a client sends half a name and then nothing", b"an"),
    ]
}

/// The connection on which a byte came now and then, the last one of its play.
fn dripped(record: &Record) -> Option<usize> {
    let connection = record.connections();
    let steps = record.on(connection).any(|event| matches!(event.what, What::Step(_)));
    steps.then_some(connection)
}

/// Its name comes in these pieces, each when the one before was read, and all of them in time.
fn is_welcome(stage: &mut Stage, pieces: &[&[u8]]) -> Played {
    let mut in_time = 0;
    let mut refused = None;
    for _ in 0..2 * TRIES {
        let begin = Instant::now();
        let mut guest = Guest::enter(stage, &WELCOMED)?;
        for piece in pieces {
            guest.says(piece);
            guest.is_read();
        }
        let late = begin.elapsed() > IN_TIME;
        let heard = guest.hears_up_to(stage, WELCOME.len() + 1)?;
        if heard == WELCOME && guest.end(stage) != End::None {
            return Ok(());
        }
        if !late {
            in_time += 1;
            refused = Some(WELCOMED.missed(guest.who(), difference(WELCOME, &heard)));
        }
        if in_time == TRIES {
            break;
        }
    }
    let late = || Stop::from(Void("this machine is too busy for a name that comes within 100 ms".to_string()));
    Err(refused.filter(|_| in_time == TRIES).unwrap_or_else(late))
}

/// Somebody says this and no more; then an honest client comes.
fn silent(name: &str, bytes: &'static [u8]) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        let mut guests = Vec::new();
        for _ in 0..2 {
            let mut guest = Guest::enter(stage, &WELCOMED)?;
            guest.says(bytes);
            guests.push(guest);
        }
        for mut guest in guests {
            let heard = guest.hears_up_to(stage, 1)?;
            if !heard.is_empty() {
                return Err(NOT_WELCOME.missed(guest.who(), difference(b"", &heard)));
            }
            if guest.end(stage) == End::None {
                return Err(ENDED.missed(guest.who(), "ten seconds later it is still connected"));
            }
        }
        is_welcome(stage, &[b"bob\n"])
    };
    guest::form(name, play).rule(WELCOMED.rule()).rule(ENDED.rule()).rule(NOT_WELCOME.rule())
}

fn judge(record: &Record) -> Finding {
    let too_early = was_too_early(record);
    if record.bytes(1, Way::ToClient) != WELCOME {
        Finding::Other("a client that sent its name at once was not welcome".to_string())
    } else if too_early {
        Finding::Other("the server did not wait for a name that came in pieces".to_string())
    } else if record.bytes(2, Way::ToClient) == WELCOME {
        Finding::Broke(
            "a name that took more than twice the limit was waited for: each byte began a new wait".to_string(),
        )
    } else if has_ended(record, 2) {
        Finding::Held("a client that sent a byte now and then was closed when its time was over".to_string())
    } else {
        Finding::Other("a name that took more than twice the limit was waited for, and not welcome".to_string())
    }
}

fn was_too_early(record: &Record) -> bool {
    record.events.iter().any(|event| event.what == What::Step(TOO_EARLY.to_string()))
}

/// Whether the server ended this connection while the attacker went on.
fn has_ended(record: &Record, connection: usize) -> bool {
    let step = |event: &Event| matches!(event.what, What::Step(_));
    record.on(connection).any(|event| event.who == SERVER && step(event))
}

fn judge_finished(record: &Record) -> Finding {
    if record.bytes(1, Way::ToClient) != GREETING.as_bytes() {
        Finding::Other("the attacker got something else than the greeting".to_string())
    } else if has_ended(record, 1) && !was_too_early(record) {
        Finding::Held("a client that sent a byte of a command now and then was closed in time".to_string())
    } else {
        Finding::Other("a client that sent a byte of a command now and then was not closed in time".to_string())
    }
}
