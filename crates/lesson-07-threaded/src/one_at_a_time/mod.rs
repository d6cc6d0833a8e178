//! `one-at-a-time`: the first client has been greeted and says nothing; a second one comes.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, Seen, Side, Stage, Way, Who};

use crate::finished;
use crate::guest::{self, Due, Guest, Played, difference};
use crate::one_panic::peer;
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// The client that comes second, and its connection.
const SECOND: Who = Who { number: 2, ..CLIENT };
const LATER: usize = 2;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-at-a-time",
    question: "One client says nothing. Who else has to wait?",
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
        "12 clients may be there at the same time, and each may say nothing for 5 seconds and be served afterwards",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["0"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() == Cast::Broken {
        // The second client gets nothing that could come earlier or later.
        stage.lockstep();
    }
    stage.server()?;
    stage.relay([])?;
    let first = stage.talkative_client()?;
    stage.wait("the first client was not greeted", |record| !record.lines(first).is_empty())?;
    stage.step(first, "has been greeted, and says nothing");
    stage.client(&["0"])?;
    stage.ends(SECOND)
}

static GREETED: Due = Due {
    name: "greeting",
    requires: "the first client is greeted",
    whom: "a client that nobody is before",
    missed: "is not greeted",
    hint: "send the greeting right after accept: the client says nothing before it has come",
};
static NOT_KEPT: Due = Due {
    name: "others-go-on",
    requires: "others are served while it says nothing",
    whom: "while others are there and say nothing, the next client",
    missed: "is not served",
    hint: "whatever waits for one client must not keep the loop of accept waiting: a thread or a process for each client, \
           or an event loop, without a call that blocks; a pool needs a worker for each client that may be silent",
};
static STAYS: Due = Due {
    name: "silent-stays",
    requires: "whoever was silent is served when it speaks",
    whom: "a client that was silent for a while",
    missed: "is not served any more",
    hint: "a client that says nothing for a moment is an ordinary client: it has longer than that",
};
/// So long a client says nothing; a server that throws it out to serve the next one does so sooner.
const SILENCE: Duration = Duration::from_secs(2);

fn forms() -> Vec<Form> {
    vec![
        Form::new("one client is silent, another one comes", play)
            .rule(GREETED.and(|record| {
                let greeting = record.bytes(1, Way::ToClient);
                let seen = difference(GREETING.as_bytes(), &greeting);
                Seen::kept_if(greeting == GREETING.as_bytes(), format!("the first client is not greeted: {seen}"))
            }))
            .rule(NOT_KEPT.and(|record| {
                let answers = record.bytes(LATER, Way::ToClient);
                Seen::kept_if(
                    answers == wire::GREETING_AND_ZERO,
                    match answers.len() {
                        _ if record.bytes(1, Way::ToClient) != GREETING.as_bytes() => return Seen::Kept,
                        0 => "the first client says nothing, and the second one is not even greeted".to_string(),
                        _ => format!(
                            "the first client says nothing, and the second one is not served: {}",
                            difference(wire::GREETING_AND_ZERO, &answers)
                        ),
                    },
                )
            }))
            .rule(STAYS.and(|record| {
                let ended = record.fin(1, Way::ToClient) || record.reset(1, Way::ToClient);
                Seen::kept_if(!ended, "the first client was closed before it had said anything")
            })),
        crowd("eleven clients are silent, a twelfth comes", 11, false),
        crowd("three clients are silent after an answer, others come", 3, true),
    ]
}

/// So many clients are greeted, some have asked, and then are silent; others come and go; then the silent ones speak.
fn crowd(name: &str, silent: usize, asked: bool) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        let mut crowd = Vec::new();
        for number in 0..silent {
            let mut guest = Guest::greeted(stage, if number == 0 { &GREETED } else { &NOT_KEPT })?;
            if asked {
                guest.asks_zero(stage, &NOT_KEPT)?;
            }
            crowd.push(guest);
        }
        guest::visit(stage, &NOT_KEPT)?;
        Guest::greeted(stage, &NOT_KEPT)?.resets();
        guest::visit(stage, &NOT_KEPT)?;
        crowd[0].is_silent(stage, SILENCE, &STAYS)?;
        for guest in &mut crowd {
            guest.asks_zero(stage, &STAYS)?;
        }
        crowd.into_iter().for_each(Guest::leaves);
        Ok(())
    };
    guest::form(name, play).rule(GREETED.rule()).rule(NOT_KEPT.rule()).rule(STAYS.rule())
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(LATER, Way::ToClient);
    if record.bytes(1, Way::ToClient) != GREETING.as_bytes() {
        Finding::Other("the first client was not greeted with the 15 bytes of the greeting".to_string())
    } else if answers.is_empty() && record.hung(SECOND).is_some() {
        Finding::Broke("the first client says nothing, and the second one is not even greeted".to_string())
    } else if answers == wire::GREETING_AND_ZERO {
        Finding::Held("the first client said nothing, and the second one was served meanwhile".to_string())
    } else {
        Finding::Other(format!(
            "the second client got {} bytes instead of {}",
            answers.len(),
            GREETING.len() + ZERO.len()
        ))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed_by(record, SECOND, &[ZERO]);
    finished::finding(served, "the first client said nothing, and the second one was served meanwhile")
}
