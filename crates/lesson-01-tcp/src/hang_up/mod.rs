//! `hang-up`: the first client ends its stream, and a second one comes.

use lab::{CLIENT, Check, Experiment, Finding, Form, Hang, Record, Role, Rule, SERVER, Side, Stage, Way, wire};

use crate::finished;
use crate::forms::{ECHO, caller, leave, long, served};
use crate::one_call::{SECOND, peer};

#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "any part of what was sent will do: all of it goes back")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "hang-up",
    question: "How does a server notice that the client has gone?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &ECHO,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    vec![
        Form::new("a client ends its stream, and a second one comes", play)
            .rule(served(1, "the first client", "hello"))
            .rule(ends(1))
            .rule(served(2, "the next client", "hello"))
            .rule(ends(2)),
        Form::new("the end of the stream right behind 20000 bytes", |stage| end_behind(stage, &long(b'a')))
            .rule(served(1, "the first client", long(b'a')))
            .rule(ends(1))
            .rule(wire::served(CLIENT, ["connected", "hello"])),
        Form::new("a client that ends its stream and has said nothing", |stage| end_behind(stage, b""))
            .rule(served(1, "who has sent nothing", ""))
            .rule(ends(1))
            .rule(wire::served(CLIENT, ["connected", "hello"])),
        Form::new("a client that stays and says nothing more, when another has left", stays)
            .rule(served(1, "the first client", "hello"))
            .rule(ends(1))
            .rule(served(2, "the client that stays", "hello")),
    ]
}

fn ends(connection: usize) -> Rule {
    wire::ends(connection, Way::ToClient)
        .hint("when a read gives nothing more, close the connection, in the ordinary way")
}

/// One caller sends this and ends its stream at once; then comes a client.
fn end_behind(stage: &mut Stage, bytes: &[u8]) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    if !bytes.is_empty() {
        first.send(bytes);
    }
    leave(first);
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn stays(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    first.send(b"hello");
    leave(first);
    let Some(mut second) = caller(stage) else { return Ok(()) };
    second.send(b"hello");
    second.receive(5);
    stage.keep(second);
    stage.has_to_rest(SERVER)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    stage.client(&["hello"])?;
    stage.ends(SECOND)
}

fn judge(record: &Record) -> Finding {
    if record.bytes(1, Way::ToClient) != b"hello" {
        return Finding::Other("the first client did not get its five bytes back".to_string());
    }
    // Where the kernel does not tell who spins, the second client waits beyond the deadline.
    if record.hung(SERVER) == Some(Hang::Spinning) || record.hung(SECOND) == Some(Hang::Late) {
        Finding::Broke(
            "the server read the end of the first stream again and again, and never served another client".to_string(),
        )
    } else if record.bytes(2, Way::ToClient) == b"hello" {
        Finding::Held("the end of the first stream ended the conversation, and the next client was served".to_string())
    } else {
        Finding::Other("the second client did not get its five bytes back".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let both = finished::printed(record, &["hello"]) && finished::printed_by(record, SECOND, &["hello"]);
    finished::finding(both, "the end of a stream ended that conversation, and the next client was served")
}
