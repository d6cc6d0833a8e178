//! `write-ok`: the server has closed, and the client goes on writing.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void};

use crate::finished;

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "write-ok",
    question: "The write succeeded, so does the server have it?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

/// A direct play: a relay would take the bytes in place of the server that has gone.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "first")?;
    stage.says(SERVER, "took first, and closed")?;
    if !matches!(stage.cast(), Cast::Yours(_)) {
        stage.says(client, "delivered: first")?;
    }
    client_end(stage, true, "the client's end is in CLOSE-WAIT: the server has ended the stream")?;
    stage.type_line(client, "second")?;
    if stage.cast() == Cast::Broken {
        stage.says(client, "delivered: second")?;
        client_end(stage, false, "the client's end is gone: the second message was answered with a reset")?;
        stage.type_line(client, "third")?;
    }
    stage.end_input(client)?;
    stage.ends(client)
}

/// The finished server answers for as long as its client asks, so it is killed in between.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "first")?;
    stage.says(client, "first")?;
    stage.kill(SERVER)?;
    client_end(stage, true, "the client's end is in CLOSE-WAIT: the server has ended the stream")?;
    stage.type_line(client, "second")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// Waits until the client's end of the connection is in CLOSE-WAIT, or is not any more, and puts that on the record.
fn client_end(stage: &mut Stage, in_close_wait: bool, fact: &str) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return stage.settle();
    }
    let port = stage.address()?.port();
    let waits = |socket: &Socket| socket.remote.port() == port && socket.state == State::CloseWait;
    if !stage.sees(|sockets| sockets.iter().any(waits) == in_close_wait) {
        return Err(Void(format!("not so: {fact}")).into());
    }
    stage.fact(CLIENT, fact);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    let own = !matches!(record.cast, Cast::Yours(_));
    let said = record.lines(CLIENT);
    if !record.lines(SERVER).contains(&"took first, and closed") {
        Finding::Other("the server did not take the first message".to_string())
    } else if own && said == ["delivered: first", "delivered: second"] && !ends_well {
        Finding::Broke(
            "the server took one message, the client called two delivered: only the write after that failed"
                .to_string(),
        )
    } else if record.hung(CLIENT).is_some() {
        Finding::Other("the client neither delivered the second message nor gave it up".to_string())
    } else if ends_well {
        Finding::Broke(
            "the server had closed before the second message, and the client ended as if it were there".to_string(),
        )
    } else if !own || said == ["delivered: first"] {
        Finding::Held("the second message was not acknowledged, and the client said so".to_string())
    } else {
        Finding::Other("the client called other messages delivered than the first".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let one = matches!(record.lines(CLIENT)[..], [line] if line.ends_with("] first"));
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("the connection"));
    if one && told && record.exit(CLIENT).is_some_and(|exit| !exit.is_success()) {
        Finding::Held("the second line was written and not answered, and the client said so".to_string())
    } else {
        Finding::Other("the client did not end with an error about the line that was not answered".to_string())
    }
}
