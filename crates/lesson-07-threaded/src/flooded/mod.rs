//! `flooded`: somebody asks once, ends its stream and counts what comes all the same; then a client does so.

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Record, Role, SERVER, Seen, Side, Stage, Way};

use crate::finished;
use crate::guest::{self, Due, Guest, Played, SERVED, difference};
use crate::wire::{self, AGAIN, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;
pub(crate) mod peer;

/// Bytes of a thousand answers: nobody is asked to read more.
const ENOUGH: usize = 1000 * wire::AGAIN.len();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "flooded",
    question: "What does a server read from a client that has ended its stream?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: wire::dissect,
    wire: &[
        wire::GREETS,
        wire::TURNS,
        wire::ANSWERS,
        wire::END,
        "a client may end its stream with its last command, or without one; one client at a time will do",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["0"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut attacker = stage.attacker()?;
    attacker.send(b"0");
    attacker.receive(wire::GREETING_AND_ZERO.len());
    attacker.half_close();
    if attacker.receive(ENOUGH).len() == ENOUGH {
        attacker.reset();
    } else {
        attacker.receive_all(1);
        drop(attacker);
    }
    if stage.cast() == Cast::Finished {
        // The log follows the end of a connection.
        stage.says(SERVER, "ended by the client")?;
    }
    stage.client(&["0"])?;
    stage.ends(CLIENT)
}

static ANSWERED: Due = Due {
    name: "answered",
    requires: "what the client asked before the end of its stream is answered",
    whom: "a client that asks and ends its stream",
    missed: "is not answered",
    hint: "read until a read gives nothing: the end of the stream comes after everything that was sent, and only then \
           is it time to stop (POLLRDHUP and 'close' come too early)",
};
static ENDED: Due = Due {
    name: "ends",
    requires: "nothing but the end comes after the end of its stream",
    whom: "a client that has ended its stream, or sent exit,",
    missed: "does not get its end",
    hint: "a read of 0 bytes (b'' in Python, 'end' in Node) is the end of the stream: leave the loop and close the socket",
};

fn forms() -> Vec<Form> {
    vec![
        Form::new("a client asks, ends its stream and counts what comes all the same", play)
            .rule(ANSWERED.and(|record| {
                let answers = record.bytes(1, Way::ToClient);
                let seen = difference(wire::GREETING_AND_ZERO, &answers);
                Seen::kept_if(answers.starts_with(wire::GREETING_AND_ZERO), format!("a client asks for 0: {seen}"))
            }))
            .rule(ENDED.and(|record| {
                let answers = record.bytes(1, Way::ToClient);
                let late = answers.len().saturating_sub(wire::GREETING_AND_ZERO.len());
                match (late, record.fin(1, Way::ToClient)) {
                    (0, true) => Seen::Kept,
                    (0, false) => Seen::Violated(
                        "the client has ended its stream, and the server does not end its own".to_string(),
                    ),
                    (ENOUGH, false) => Seen::Violated(format!(
                        "after the end of the client's stream came {ENOUGH} bytes, and then the client had enough"
                    )),
                    (late, _) => Seen::Violated(format!("after the end of the client's stream came {late} bytes")),
                }
            })),
        ending("the last command comes together with the end", |stage, mut guest| {
            guest.hears(stage, GREETING, &ANSWERED)?;
            guest.says(b"0");
            guest.half_closes();
            guest.hears(stage, ZERO, &ANSWERED)?;
            guest.hears_the_end(stage, "", &ENDED)
        }),
        asked_before_accept(),
        ending("nothing is asked before the end", |stage, mut guest| {
            guest.half_closes();
            guest.hears_the_end(stage, GREETING, &ENDED)
        }),
        ending("two commands, then the end", |stage, mut guest| {
            guest.hears(stage, GREETING, &ANSWERED)?;
            guest.asks(stage, "x", AGAIN, &ANSWERED)?;
            guest.asks_zero(stage, &ANSWERED)?;
            guest.half_closes();
            guest.hears_the_end(stage, "", &ENDED)
        }),
        ending("exit, and the client does not end its stream", |stage, mut guest| {
            guest.hears(stage, GREETING, &ANSWERED)?;
            guest.says(b"exit");
            guest.hears_the_end(stage, "", &ENDED)
        }),
    ]
}

/// A client that ends its stream in some way, twice; then one that does so as all do.
fn ending(name: &str, leaves: fn(&mut Stage, Guest) -> Played) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        for _ in 0..2 {
            let guest = Guest::enter(stage, &SERVED)?;
            leaves(stage, guest)?;
        }
        guest::visit_and_leave(stage, &SERVED, &ENDED)
    };
    guest::form(name, play).rule(ANSWERED.rule()).rule(ENDED.rule()).rule(SERVED.rule())
}

/// The server gets no processor until command and end have come: it finds both at once, certainly.
fn asked_before_accept() -> Form {
    let play = |stage: &mut Stage| -> Played {
        guest::visit_and_leave(stage, &SERVED, &ENDED)?;
        stage.settle()?;
        stage.pause(SERVER)?;
        let mut guest = Guest::enter(stage, &SERVED)?;
        guest.says(b"0");
        guest.half_closes();
        stage.resume(SERVER)?;
        guest.hears(stage, GREETING, &ANSWERED)?;
        guest.hears(stage, ZERO, &ANSWERED)?;
        guest.hears_the_end(stage, "", &ENDED)?;
        guest::visit_and_leave(stage, &SERVED, &ENDED)
    };
    let form = guest::form("command and end are there before the server looks", play);
    form.rule(ANSWERED.rule()).rule(ENDED.rule()).rule(SERVED.rule())
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    match answers.strip_prefix(wire::GREETING_AND_ZERO) {
        None => Finding::Other("the greeting and the answer to 0 did not come".to_string()),
        Some(late) if late.len() == ENOUGH => Finding::Broke(
            "after the end of the stream came a thousand answers to nothing, and more would have come".to_string(),
        ),
        Some([]) if !record.fin(1, Way::ToClient) => {
            Finding::Other("the client had ended its stream, and the server did not close the connection".to_string())
        }
        Some([]) if record.exit(CLIENT).is_some_and(Exit::is_success) => {
            Finding::Held("the end of the stream was the end of the conversation, for the server too".to_string())
        }
        Some([]) => Finding::Other("the next client, which ended its stream as well, was not served".to_string()),
        Some(late) => Finding::Other(format!("{} bytes came after the end of the stream", late.len())),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let ended = record.bytes(1, Way::ToClient) == wire::GREETING_AND_ZERO && record.fin(1, Way::ToClient);
    let served = finished::printed(record, &[wire::ZERO]);
    finished::finding(ended && served, "the end of the stream was the end of the conversation, for the server too")
}
