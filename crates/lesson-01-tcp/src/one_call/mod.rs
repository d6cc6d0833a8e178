//! `one-call`: a second client calls while the first one is being served.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Rehearsal, Role, Side, Stage, Who};

use crate::finished;

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
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    first_call(stage)?;
    call(stage, "world")?;
    stage.end_input(CLIENT)?;
    // A server of one's own may leave the second client without an answer, which is for the judge to say.
    if !matches!(stage.cast(), Cast::Yours(_)) && stage.record(|record| !record.lines(SECOND).is_empty()) {
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
