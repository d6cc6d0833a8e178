//! `no-descriptors`: the server has as many files and sockets open as it may, and one more client comes.

use std::time::Duration;

use lab::kernel::State;
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Void,
};

use crate::finished;
use crate::guest::{self, Due, End, Guest, MOMENT, Played, SERVED, Stop, difference, visit_in_time};
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
    wire: &[
        wire::GREETS,
        wire::TURNS,
        wire::ANSWERS,
        "then your server may open 5 or 6 files or sockets more, and 12 clients come, until one finds no place",
        "whoever finds no place waits until others have left and is served within 5 seconds then, or its connection is ended",
        "the server goes on serving those who are in, and sleeps while there is nothing to do",
    ],
    forms: |_| forms(),
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

static GO_ON: Due = Due {
    name: "others-go-on",
    requires: "whoever is in is served on",
    whom: "a client that is in",
    missed: "is not answered while no descriptor is left",
    hint: "the error of accept is about the next client: those who are in must not notice it",
};
static WAITED: Due = Due {
    name: "waiting-served",
    requires: "whoever found no descriptor is served when one is free, or its connection is ended",
    whom: "a client that came when no descriptor was left",
    missed: "is neither served nor ended when others have left",
    hint: "an error of accept passes: wait a moment, or until a client has left, and accept again",
};
/// So often it is looked at until it is not known whether the server sleeps.
const LOOKS: usize = 4;
/// So many clients come; a server that keeps a descriptor for each of them has none left long before.
const CROWD: usize = 12;

fn forms() -> Vec<Form> {
    vec![out_of_descriptors(5), out_of_descriptors(6)]
}

/// Clients come until one is not greeted; then somebody leaves.
fn out_of_descriptors(spare: usize) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        stage.uncounted();
        // What a runtime opens when it is first needed it has by then.
        for _ in 0..2 {
            guest::visit(stage, &SERVED)?;
        }
        stage.settle()?;
        stage.spare_descriptors(SERVER, spare)?;
        let mut inside = Vec::new();
        let mut waiting = None;
        while inside.len() < CROWD && waiting.is_none() {
            let mut guest = Guest::enter(stage, &WAITED)?;
            if is_busy(stage)? {
                stage.fact(SERVER, SPINS);
                return Ok(());
            }
            guest.patience(MOMENT)?;
            let heard = guest.hears_now(GREETING.len());
            guest.patience(guest::PATIENCE)?;
            if heard == GREETING.as_bytes() {
                inside.push(guest);
            } else {
                waiting = Some((guest, heard));
            }
        }
        if let Some(guest) = inside.first_mut() {
            guest.asks_zero(stage, &GO_ON)?;
        }
        if !inside.is_empty() {
            inside.remove(0).leaves();
        }
        if let Some((guest, heard)) = waiting {
            is_served_or_ended(stage, guest, heard)?;
        }
        inside.into_iter().for_each(Guest::leaves);
        visit_in_time(stage, &SERVED)
    };
    let pauses = Rule::new("pauses", "the server sleeps while no descriptor is free", |record| {
        Seen::kept_if(
            !record.kernel().contains(&SPINS),
            "no descriptor was left for a client that waits, and the server keeps a processor busy",
        )
    });
    let waited = WAITED.and(|record| {
        // The client of the chapter's play.
        let came = record.events.iter().any(|event| event.who == CLIENT);
        Seen::kept_if(
            !came || record.kernel().contains(&SPINS) || record.lines(CLIENT) == [GREETING, ZERO],
            "a descriptor became free, and the client that waited was not served",
        )
    });
    guest::form(format!("{spare} descriptors are left, and clients come until none is"), play)
        .rule(pauses.hint(
            "accept fails again at once as long as no descriptor is free: pause before the next try, or stop watching the \
             listener until a client has left",
        ))
        .rule(GO_ON.rule())
        .rule(waited)
        .rule(SERVED.rule())
        // A line for each error of accept; without a pause between them the first rule tells.
        .allow(Allowed::Prints(SERVER))
}

/// Whether the server keeps a processor busy; on a busy machine that takes a while to see.
fn is_busy(stage: &mut Stage) -> anyhow::Result<bool> {
    (1..LOOKS).find_map(|_| stage.spins(SERVER).ok()).map_or_else(|| stage.spins(SERVER), Ok)
}

/// Somebody has left: whoever waits is served, or its connection is ended.
fn is_served_or_ended(stage: &mut Stage, mut guest: Guest, heard: Vec<u8>) -> Result<(), Stop> {
    let mut heard = heard;
    while heard.len() < GREETING.len() && guest.end(stage) == End::None {
        let more = guest.hears_up_to(stage, GREETING.len() - heard.len())?;
        if more.is_empty() && guest.end(stage) == End::None {
            return Err(WAITED.missed(guest.who(), difference(GREETING.as_bytes(), &heard)));
        }
        heard.extend(more);
    }
    if heard == GREETING.as_bytes() {
        guest.asks_zero(stage, &WAITED)?;
        guest.leaves();
    } else if guest.end(stage) == End::None {
        // Told something: the end follows.
        guest.hears_up_to(stage, 1024)?;
        if guest.end(stage) == End::None {
            return Err(WAITED.missed(guest.who(), "it was told something, and there is no end"));
        }
    }
    Ok(())
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
