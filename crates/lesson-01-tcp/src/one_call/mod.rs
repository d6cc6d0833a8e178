//! `one-call`: a second client calls while the first one is being served.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, SERVER, Side, Stage, Who, wire};

use crate::finished;
use crate::forms::{ECHO, at_rest, caller, leave, long, pause, served};

#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod fixed;
pub(crate) mod peer;

/// Who calls while the first client is still there.
pub(crate) const SECOND: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "one-call",
    question: "Why does my server take one client, and refuse the next?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[ECHO[0], ECHO[1], ECHO[2], "a client may say nothing for up to 3 s at a time"];

fn forms() -> Vec<Form> {
    let chapter = Form::new("a second client calls while the first is there", |stage| {
        first_call(stage)?;
        call(stage, "world")?;
        for client in [CLIENT, SECOND] {
            stage.end_input(client)?;
            stage.ends(client)?;
        }
        Ok(())
    });
    vec![
        chapter
            .rule(wire::served(CLIENT, ["connected", "hello"]))
            .rule(wire::served(SECOND, ["connected", "world"]).hint(LISTENER)),
        Form::new("the first client speaks again when the second has come", speaks_again)
            .rule(served(1, "the first client", "helloagain").hint(OWN))
            .rule(served(2, "the second client", "world").hint(LISTENER)),
        Form::new("three clients with 20000 bytes each", three_long_ones)
            .rule(served(1, "the first client", long(b'a')))
            .rule(served(2, "the second client", long(b'h')).hint(LISTENER))
            .rule(served(3, "the third client", long(b'o')).hint(LISTENER)),
        Form::new("a client comes when two others have gone", comes_later)
            .rule(served(1, "the first client", "hello"))
            .rule(served(2, "the second client", "hello").hint(LISTENER))
            .rule(wire::served(CLIENT, ["connected", "hello"]).hint(LISTENER)),
        Form::new("a client that is silent for 2.7 s, and one that stays", silent_for_a_while)
            .rule(served(1, "the first client", "helloagain").hint(LIMIT))
            .rule(served(2, "the second client", "world").hint(LISTENER)),
    ]
}

/// What most servers that take one client do.
const LISTENER: &str = "the listener makes connections for as long as it is open: keep it, and call accept in a loop";
/// What most servers that mix up their clients do.
const OWN: &str =
    "each client needs a loop and a variable of its own: read until the stream ends, answer where you read";

/// What servers that are in a hurry do.
const LIMIT: &str =
    "a time limit has to be longer than a client may be silent, and begins anew with everything that comes";

/// So long the client says nothing, within the 3 s of the wire.
const SILENCE: Duration = Duration::from_millis(2700);
/// So long it says nothing after its first words: longer than 3 s after it came.
const AGAIN: Duration = Duration::from_secs(1);

fn silent_for_a_while(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    stage.step(first.who(), "says nothing for 2.7 s");
    pause(SILENCE);
    first.send(b"hello");
    first.receive(5);
    pause(AGAIN);
    first.send(b"again");
    first.receive(5);
    leave(first);
    let Some(mut second) = caller(stage) else { return Ok(()) };
    second.send(b"world");
    second.receive(5);
    stage.keep(second);
    stage.has_to_rest(SERVER)
}

fn speaks_again(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    first.send(b"hello");
    first.receive(5);
    let Some(mut second) = caller(stage) else { return Ok(()) };
    // Whoever accepts at once has accepted by now.
    at_rest(stage, Duration::from_millis(300));
    first.send(b"again");
    first.receive(5);
    leave(first);
    second.send(b"world");
    leave(second);
    Ok(())
}

fn three_long_ones(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut callers = Vec::new();
    for first in *b"aho" {
        let Some(mut caller) = caller(stage) else { return Ok(()) };
        caller.send(&long(first));
        callers.push(caller);
    }
    callers.into_iter().for_each(leave);
    Ok(())
}

fn comes_later(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    for _ in 0..2 {
        let Some(mut caller) = caller(stage) else { return Ok(()) };
        caller.send(b"hello");
        caller.receive(5);
        leave(caller);
    }
    call(stage, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    first_call(stage)?;
    call(stage, "world")?;
    stage.end_input(CLIENT)?;
    if stage.record(|record| !record.lines(SECOND).is_empty()) {
        stage.says(SECOND, "world")?;
    }
    stage.ends(CLIENT)?;
    stage.end_input(SECOND)?;
    stage.ends(SECOND)
}

/// The finished server does not let the second client wait.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    first_call(stage)?;
    call(stage, "world")?;
    stage.says(SECOND, "world")?;
    for client in [SECOND, CLIENT] {
        stage.end_input(client)?;
        stage.ends(client)?;
    }
    Ok(())
}

/// The first client is answered: by then the server has done with its listener what it does.
fn first_call(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    call(stage, "hello")?;
    stage.says(CLIENT, "hello")
}

/// Starts a client and types this line when it is connected. Its input stays open.
pub(crate) fn call(stage: &mut Stage, line: &str) -> anyhow::Result<Who> {
    let who = stage.talkative_client()?;
    let refused = |record: &Record| !record.complaints(who).is_empty();
    // The finished client does not say that it is connected, so there nothing can get before the line.
    if stage.cast() != Cast::Finished {
        stage
            .wait("a client is connected, or is refused", |record| !record.lines(who).is_empty() || refused(record))?;
    }
    if !stage.record(refused) {
        stage.type_line(who, line)?;
    }
    Ok(who)
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["connected", "hello"] {
        return Finding::Other("the first client did not get its five bytes back".to_string());
    }
    match record.lines(SECOND)[..] {
        ["connected", "world"] => Finding::Held("the second client waited for its turn and was answered".to_string()),
        ["connected"] => Finding::Other("the second client was connected and not answered".to_string()),
        _ => Finding::Broke(
            "the second client was refused: the listener was closed as soon as the first client was accepted"
                .to_string(),
        ),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let both = finished::printed(record, &["hello"]) && finished::printed_by(record, SECOND, &["world"]);
    finished::finding(both, "the second client was answered while the first one was still connected")
}
