//! `write-ok`: the server has closed, and the client goes on writing.

use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{
    Allowed, At, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script,
    Seen, Side, Stage, Step, Void, Way, What, wire,
};

use crate::finished;
use crate::forms::{at_rest, kept_if};

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
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> a message: a line of standard input and a newline, 1000 bytes at most; send it when the line has come: some come only when the one before was sent",
    "<- `ok` and a newline, when the server has the message; after one message it closes the connection",
    "the client prints `delivered: ` and the message for each message that was acknowledged, and for no other",
    "a message without an acknowledgement may be sent again over a new connection; or the client ends with an error",
    "status 0 says that all messages were delivered",
];

fn forms() -> Vec<Form> {
    let with = |name: &str, line: &str, to_client: &[Step]| {
        ruled(Form::relayed(name, [Script::to_client(to_client)], &[line]))
    };
    let long = "x".repeat(900);
    vec![
        ruled(
            Form::new("the server has closed before the second message", closed_before_the_second).rule(sent_at_once()),
        ),
        with("the connection ends before the acknowledgement", "first", &[Step::Drop(At::StreamEnd)]),
        with(
            "half an acknowledgement, and the end",
            "first",
            &[Step::Send(At::Byte(1)), Step::Settle, Step::Drop(At::StreamEnd)],
        ),
        with("the acknowledgement in two pieces", &long, &[Step::Send(At::Byte(1)), Step::Settle]),
    ]
}

fn ruled(form: Form) -> Form {
    form.rule(acknowledged()).rule(delivers()).rule(says_so()).allow(Allowed::Fails(CLIENT))
}

/// The messages that an acknowledgement came back for.
fn taken(record: &Record) -> Vec<String> {
    let text = |connection, way| String::from_utf8_lossy(&record.bytes(connection, way)).into_owned();
    let relayed = (1..=record.connections())
        .filter(|connection| text(*connection, Way::ToClient) == "ok\n")
        .map(|connection| text(connection, Way::ToServer).trim_end().to_string());
    let lines = record.lines(SERVER);
    let direct = lines.iter().filter_map(|line| line.strip_prefix("took ")?.strip_suffix(", and closed"));
    let all: Vec<String> =
        if record.connections() > 0 { relayed.collect() } else { direct.map(ToString::to_string).collect() };
    // The server takes the end of a stream for an empty message.
    all.into_iter().filter(|message| !message.is_empty()).collect()
}

fn called_delivered(record: &Record) -> Vec<String> {
    let lines = record.lines(CLIENT);
    lines.iter().filter_map(|line| Some(line.split_once("delivered: ")?.1.to_string())).collect()
}

fn brief(message: &str) -> String {
    wire::quoted(message.as_bytes())
}

/// What most clients that believe in write do.
const ANSWER: &str = "sent means that a kernel has a copy: a message is delivered when you have read `ok` and its newline; \
                      the end of the stream is no answer";

fn acknowledged() -> Rule {
    Rule::new("acknowledged", "only what was acknowledged is called delivered", |record| {
        let taken = taken(record);
        match called_delivered(record).iter().find(|message| !taken.contains(message)) {
            Some(message) => {
                Seen::Violated(format!("the client called {} delivered, and no `ok` had come for it", brief(message)))
            }
            None => Seen::Kept,
        }
    })
    .hint(ANSWER)
}

fn delivers() -> Rule {
    Rule::new("delivers", "what was acknowledged is called delivered", |record| {
        let (taken, called) = (taken(record), called_delivered(record));
        let anything = record.on(1).any(|event| matches!(event.what, What::Bytes { way: Way::ToServer, .. }));
        if taken.is_empty() && !anything {
            return Seen::Violated("the client sent no message".to_string());
        }
        match taken.iter().find(|message| !called.contains(message)) {
            Some(message) => {
                Seen::Violated(format!("the server acknowledged {}, and the client did not say so", brief(message)))
            }
            None => Seen::Kept,
        }
    })
}

/// What the story tells of a client that sends nothing as long as its input stays open.
const WAITS: &str = "runs, and no message has come from it within 10 s of the first line";

fn sent_at_once() -> Rule {
    Rule::new("sent-at-once", "a line is sent when it has come", |record| {
        let waits = record.events.iter().any(|event| matches!(&event.what, What::Step(text) if text == WAITS));
        kept_if(!waits, || {
            "\"first\" was typed, and no message came within 10 s while the client's input stayed open".to_string()
        })
    })
    .hint("read one line and send it, with its newline and flushed, before you read the next: the input ends later")
}

fn says_so() -> Rule {
    Rule::new("says-so", "the client ends with status 0 only if all was delivered", |record| {
        let called = called_delivered(record);
        let typed = record.events.iter().filter_map(|event| match &event.what {
            What::Typed(line) => Some(line),
            _ => None,
        });
        let lost = typed.into_iter().find(|line| !called.contains(line));
        let well = record.exit(CLIENT).is_some_and(Exit::is_success);
        kept_if(!well || lost.is_none(), || {
            format!("{} was not delivered, and the client ended with status 0", brief(lost.map_or("", String::as_str)))
        })
    })
    .hint(ANSWER)
}

/// As [`play`], for a client that may do what it likes when it learns of the end.
fn closed_before_the_second(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "first")?;
    if stage.says(SERVER, "took first, and closed").is_err() {
        if stage.record(|record| record.exit(client).is_none()) {
            stage.step(client, WAITS);
        }
        stage.end_input(client)?;
        return stage.ends(client);
    }
    at_rest(stage, Duration::from_millis(300));
    stage.type_line(client, "second")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// A direct play: a relay would take the bytes in place of the server that has gone.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "first")?;
    stage.says(SERVER, "took first, and closed")?;
    stage.says(client, "delivered: first")?;
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
    let said = record.lines(CLIENT);
    if !record.lines(SERVER).contains(&"took first, and closed") {
        Finding::Other("the server did not take the first message".to_string())
    } else if said == ["delivered: first", "delivered: second"] && !ends_well {
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
    } else if said == ["delivered: first"] {
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
