//! `accept-unwrap`: a client resets its connection before the server has accepted it.

use lab::kernel::{self, Socket, State};
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Role, SERVER, Seen, Side, Stage, Void,
};

use crate::finished;
use crate::guest::{self, Due, End, Guest, Played, SERVED, difference, visit_in_time};
use crate::one_panic::{SECOND, peer};
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(
    clippy::disallowed_methods,
    reason = "a command is whatever one read gives; nothing tells that accept would succeed again, so it tries later"
)]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "accept-unwrap",
    question: "What does accept give when the client has already gone?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("other systems do not hand out a connection that was reset before accept")],
    play,
    judge,
    dissect: wire::dissect,
    wire: &[
        wire::GREETS,
        wire::TURNS,
        wire::ANSWERS,
        wire::END,
        "a client may have reset its connection before you accept it, and accept may fail for a moment for want of a \
         descriptor: the next client is served all the same, within 5 seconds",
        "one client at a time will do",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["0"], judge)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.says(CLIENT, ZERO)?;
    if matches!(stage.cast(), Cast::Broken | Cast::Fixed) {
        stage.says(SERVER, "connected")?;
    }
    stage.pause(SERVER)?;
    let attacker = stage.attacker()?;
    is_queued(stage)?;
    attacker.reset();
    waits_for_accept(stage)?;
    stage.resume(SERVER)?;
    stage.settle()?;
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)
}

/// A connection is in the queue of the listener: a reset that overtakes the last segment of its handshake would keep it
/// out.
fn is_queued(stage: &Stage) -> anyhow::Result<()> {
    let queued = |socket: &Socket| socket.state == State::Listen && socket.unread == 1;
    if kernel::sees_sockets() && !stage.sees(|sockets| sockets.iter().any(queued)) {
        return Err(Void("the connection does not wait for accept".to_string()).into());
    }
    Ok(())
}

/// It is there still when its client has reset it.
fn waits_for_accept(stage: &Stage) -> anyhow::Result<()> {
    is_queued(stage)?;
    if kernel::sees_sockets() {
        stage.fact(SERVER, "one connection waits for accept; its client has reset it");
    }
    Ok(())
}

static HONEST: Due = Due {
    name: "honest-served",
    requires: "whoever waits behind a connection that has gone is served",
    whom: "a client that waits behind a connection that has gone",
    missed: "is left out",
    hint: "an error of one connection ends that connection: log it, and go on with the next accept",
};

fn forms() -> Vec<Form> {
    let mut forms = vec![
        early("a client resets its connection before it is accepted", |stage| {
            let guest = Guest::enter(stage, &SERVED)?;
            is_queued(stage)?;
            guest.resets();
            Ok(())
        }),
        early("a client sends its command and resets the connection before it is accepted", |stage| {
            let mut guest = Guest::enter(stage, &SERVED)?;
            is_queued(stage)?;
            guest.says(b"0");
            guest.resets();
            Ok(())
        }),
        guest::form("one waits behind a connection that was reset before it was accepted", |stage| {
            guest::visit(stage, &SERVED)?;
            stage.settle()?;
            stage.pause(SERVER)?;
            let gone = Guest::enter(stage, &HONEST)?;
            is_queued(stage)?;
            gone.resets();
            waits_for_accept(stage)?;
            let mut honest = Guest::enter(stage, &HONEST)?;
            stage.resume(SERVER)?;
            honest.hears(stage, GREETING, &HONEST)?;
            honest.asks_zero(stage, &HONEST)?;
            honest.leaves();
            guest::visit(stage, &SERVED)
        })
        .rule(HONEST.rule())
        .rule(SERVED.rule()),
    ];
    if Need::Program("prlimit").missing().is_none() {
        let form = guest::form("accept itself fails: no descriptor is left for a moment", accept_fails);
        forms.push(form.rule(SERVED.rule()).allow(Allowed::Prints(SERVER)));
    }
    forms
}

/// While the server gets no processor, somebody comes and has gone again; then the server is served as ever.
fn early(name: &str, comes_and_goes: fn(&mut Stage) -> Played) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        guest::visit(stage, &SERVED)?;
        stage.settle()?;
        stage.pause(SERVER)?;
        comes_and_goes(stage)?;
        waits_for_accept(stage)?;
        stage.resume(SERVER)?;
        stage.settle()?;
        for _ in 0..2 {
            guest::visit(stage, &SERVED)?;
        }
        Ok(())
    };
    guest::form(name, play).rule(SERVED.and(|record| {
        // The chapter's play.
        let came = record.events.iter().any(|event| event.who == CLIENT);
        let lines = record.lines(SECOND).join("");
        let wanted = [GREETING, ZERO].concat();
        let seen = difference(wanted.as_bytes(), lines.as_bytes());
        Seen::kept_if(!came || lines == wanted, format!("a client that comes afterwards is not served: {seen}"))
    }))
}

/// The server cannot open a socket for a client that waits; a moment later it can.
fn accept_fails(stage: &mut Stage) -> Played {
    for _ in 0..2 {
        guest::visit(stage, &SERVED)?;
    }
    stage.settle()?;
    stage.spare_descriptors(SERVER, 0)?;
    let mut guest = Guest::enter(stage, &SERVED)?;
    // Whether it tries again and again is the question of no-descriptors.
    stage.spins(SERVER)?;
    stage.spare_descriptors(SERVER, 100)?;
    let heard = guest.hears_up_to(stage, GREETING.len())?;
    if heard != GREETING.as_bytes() && guest.end(stage) == End::None {
        return Err(SERVED.missed(guest.who(), difference(GREETING.as_bytes(), &heard)));
    }
    guest.leaves();
    visit_in_time(stage, &SERVED)
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == [GREETING, ZERO, ZERO] && record.lines(SECOND) == [GREETING, ZERO] {
        Finding::Held("a connection was reset before it was accepted, and everybody else was served".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke(
            "a connection was reset before it was accepted: the server ended, and every conversation with it"
                .to_string(),
        )
    } else {
        Finding::Other("the server lives, but not everybody was served".to_string())
    }
}
