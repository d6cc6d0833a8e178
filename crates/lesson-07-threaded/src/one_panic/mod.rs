//! `one-panic`: a stranger sends a byte that is no text while two others are served.

use lab::{Allowed, CLIENT, Check, Experiment, Finding, Form, Record, Role, Seen, Side, Stage, Void, Way, Who};

use crate::finished;
use crate::guest::{self, Due, End, Guest, Played, SERVED, difference};
use crate::wire::{self, AGAIN, GREETING, GREETING_AND_ZERO, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "a refusal ends with the stream, and there is a limit")]
pub(crate) mod peer;

/// The greeting and two answers to `0`.
pub(crate) const TWICE: &[u8] = "我是多线程您输入的是0您输入的是0".as_bytes();
/// The client that comes afterwards.
pub(crate) const SECOND: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-panic",
    question: "What does a panic in one thread do to the others?",
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
        "a command may be any 1 to 1000 bytes, and no text at all: answer it as any wrong one, or end that one conversation",
        "three clients at the same time; whatever one of them sends, or how it leaves, the others are served",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["0"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the first command is answered", |record| record.bytes(1, Way::ToClient) == GREETING_AND_ZERO)?;
    let mut stranger = stage.attacker()?;
    if stranger.receive(GREETING.len()) != GREETING.as_bytes() {
        return Err(Void("the stranger was not greeted".to_string()).into());
    }
    stranger.send(b"\xff");
    // An answer will do, and so will the end of this one conversation.
    stranger.receive_all(ZERO.len());
    stage.type_line(CLIENT, "0")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.client(&["0"])?;
    stage.ends(SECOND)?;
    stage.keep(stranger);
    Ok(())
}

static GREETED: Due = Due {
    name: "greeting",
    requires: "three clients are greeted",
    whom: "a client",
    missed: "is not greeted while another one is there",
    hint: "this trap needs a server that serves several clients at the same time: see one-at-a-time",
};
static GO_ON: Due = Due {
    name: "others-go-on",
    requires: "the others are served on",
    whom: "a client that did nothing wrong",
    missed: "is not answered any more",
    hint: "an error that one client causes may end its own conversation only: catch it there, and hold no lock while it can \
           happen, or give the lock back in any case (with lock:, a guard, finally)",
};
static ANSWERED: Due = Due {
    name: "stranger-answered",
    requires: "the stranger is answered or closed",
    whom: "the stranger",
    missed: "is neither answered nor closed",
    hint: "whatever goes wrong with a command, answer it or close the connection",
};

fn forms() -> Vec<Form> {
    vec![
        Form::new("a byte that is no text", play)
            .rule(GREETED.and(|record| {
                let greeted = record.bytes(2, Way::ToClient).starts_with(GREETING.as_bytes());
                Seen::kept_if(
                    greeted || record.bytes(1, Way::ToClient).is_empty(),
                    "a second client, the stranger, is not greeted while the first one is there",
                )
            }))
            .rule(GO_ON.and(|record| {
                let answers = record.bytes(1, Way::ToClient);
                if !record.bytes(2, Way::ToClient).starts_with(GREETING.as_bytes()) && answers == GREETING_AND_ZERO {
                    return Seen::Kept;
                }
                let seen = difference(TWICE, &answers);
                Seen::kept_if(
                    answers == TWICE,
                    format!("the client that was there before is not answered any more: {seen}"),
                )
            }))
            .rule(ANSWERED.and(|record| {
                let heard = record.bytes(2, Way::ToClient);
                let ended = record.fin(2, Way::ToClient) || record.reset(2, Way::ToClient);
                match heard.strip_prefix(GREETING.as_bytes()) {
                    Some(answer) if answer != AGAIN.as_bytes() && !(answer.is_empty() && ended) => {
                        let seen = difference(AGAIN.as_bytes(), answer);
                        Seen::Violated(format!("the stranger is neither answered nor closed: {seen}"))
                    }
                    _ => Seen::Kept,
                }
            }))
            .rule(SERVED.and(|record| {
                let answers = record.bytes(3, Way::ToClient);
                let seen = difference(GREETING_AND_ZERO, &answers);
                Seen::kept_if(
                    answers == GREETING_AND_ZERO || record.connections() < 3,
                    format!("a client that comes afterwards is not served: {seen}"),
                )
            }))
            // Whether they are served is what the rules are about.
            .allow(Allowed::Fails(CLIENT))
            .allow(Allowed::Hangs(CLIENT))
            .allow(Allowed::Fails(SECOND))
            .allow(Allowed::Hangs(SECOND)),
        stranger("the first byte of a character and no other", b"\xe6"),
        stranger("a word that is no number", b"x"),
        stranger("a byte of value zero", b"\0"),
        stranger("a number of 1000 digits", &[b'9'; 1000]),
        stranger("a command, and the connection is reset", b""),
    ]
}

/// One client is in; a stranger sends this, or resets its connection; the other one goes on, and a third comes.
fn stranger(name: &str, bytes: &'static [u8]) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        let mut inside = Guest::greeted(stage, &SERVED)?;
        inside.asks_zero(stage, &SERVED)?;
        for round in 0..3 {
            let mut stranger = Guest::greeted(stage, if round == 0 { &GREETED } else { &SERVED })?;
            if bytes.is_empty() {
                stranger.says(b"0");
                stranger.resets();
            } else {
                stranger.says(bytes);
                let heard = stranger.hears_up_to(stage, AGAIN.len())?;
                if !heard.starts_with(AGAIN.as_bytes()) && (!heard.is_empty() || stranger.end(stage) == End::None) {
                    return Err(ANSWERED.missed(stranger.who(), difference(AGAIN.as_bytes(), &heard)));
                }
            }
            inside.asks_zero(stage, &GO_ON)?;
        }
        guest::visit(stage, &SERVED)?;
        inside.leaves();
        Ok(())
    };
    guest::form(name, play).rule(GREETED.rule()).rule(GO_ON.rule()).rule(ANSWERED.rule()).rule(SERVED.rule())
}

fn judge(record: &Record) -> Finding {
    let answered = [record.bytes(1, Way::ToClient) == TWICE, record.bytes(3, Way::ToClient) == GREETING_AND_ZERO];
    match answered {
        [true, true] => Finding::Held("one client sent a byte that is no text, and the others were served".to_string()),
        [false, false] => Finding::Broke(
            "one client sent a byte that is no text, and from then on nobody's command was answered".to_string(),
        ),
        [true, false] => {
            Finding::Other("the client that came after the byte that is no text was not served".to_string())
        }
        [false, true] => Finding::Other("the client that was there before was not served any more".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &[ZERO; 2]) && finished::printed_by(record, SECOND, &[ZERO]);
    finished::finding(served, "a byte that is no text was answered as any wrong command, and the others were served")
}
