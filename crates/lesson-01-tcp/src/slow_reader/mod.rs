//! `slow-reader`: one member of a chat reads nothing, another one writes.

use std::thread;
use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
    Void, Way, What, wire,
};

use crate::finished;
use crate::forms::{at_rest, caller, kept_if, slow_caller};

#[expect(clippy::disallowed_methods, reason = "a chat passes on whatever a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a chat passes on whatever a read gives")]
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "slow-reader",
    question: "Who waits when one of many clients does not read?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::UsualBuffers],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> any bytes, from all members of the chat at the same time; whoever connects is a member",
    "<- what one member sends goes to all of them, itself included",
    "a member that takes nothing has to be dropped (its connection closed) within 3 s, or when 4 MiB wait for it",
    "the others get everything meanwhile; one of them sends 1000 messages of 64 KiB, each when the one before is back",
];
/// One message, bytes.
const MESSAGE: usize = 64 * 1024;
/// All that a member of the lab writes: far more than the kernels keep for one who takes nothing.
const WRITTEN: usize = 500 * MESSAGE;
/// It may take a server of one's own 3 s to drop a member.
const LONGEST: Duration = Duration::from_secs(6);

fn forms() -> Vec<Form> {
    vec![
        Form::new("one member reads nothing, another one writes", |stage| {
            stage.patience(LONGEST);
            stage.server()?;
            let Some(mut slow) = caller(stage) else { return Ok(()) };
            slow.send(b"hi");
            slow.receive(2);
            stage.step(slow.who(), "reads nothing from here on");
            stage.client(&[])?;
            stage.ends(CLIENT)?;
            stage.keep(slow);
            Ok(())
        })
        .rule(written()),
        Form::new("one member reads nothing, and two read everything", two_others_read)
            .rule(whole(WRITES, "served", "a member that reads gets its messages back", "the member that sent them"))
            .rule(whole(READS, "chat", "what one member sends goes to all", "another member"))
            .rule(dropped()),
        Form::new("two members that read", two_read).rule(has_all(1, "the first member", b"hello, all")).rule(has_all(
            2,
            "the second member",
            b"hello, all",
        )),
    ]
}

/// What servers without a limit have to do.
const LIMIT: &str = "give the write to each member a time limit, or what waits for it a size, and close the connection of a \
                     member that goes beyond it";

fn written() -> Rule {
    Rule::new("served", "a member that reads gets its messages back", |record| match record.lines(CLIENT).last() {
        Some(&"1000 messages came back") => Seen::Kept,
        _ if record.hung(CLIENT).is_some() => Seen::Violated(
            "one member does not read, and the messages of another do not come back any more".to_string(),
        ),
        _ => Seen::Violated("the messages of the client did not all come back".to_string()),
    })
    .hint(LIMIT)
}

fn has_all(connection: usize, whom: &str, bytes: &'static [u8]) -> Rule {
    let bytes = wire::bytes(connection, Way::ToClient, &format!("what {whom} gets"), bytes);
    Rule::new("chat", "what one member sends goes to all", move |record| bytes.look(record))
}

/// A member that reads has got every byte that was sent.
fn whole(connection: usize, name: &'static str, requires: &str, whom: &'static str) -> Rule {
    Rule::new(name, requires, move |record| {
        let [sent, came] = [moved(record, WRITES, Way::ToServer), moved(record, connection, Way::ToClient)];
        kept_if(sent > 0 && came == sent, || format!("of {sent} bytes that one member sent, {whom} got {came}"))
    })
    .hint(LIMIT)
}

fn moved(record: &Record, connection: usize, way: Way) -> usize {
    let length = |what: &What| match what {
        What::Bytes { way: w, total, .. } if *w == way => *total,
        _ => 0,
    };
    record.on(connection).map(|event| length(&event.what)).sum()
}

/// The connections of the member that does not read, of one that does, and of one that writes as well.
const SLOW: usize = 1;
const READS: usize = 2;
const WRITES: usize = 3;

fn dropped() -> Rule {
    Rule::new("dropped", "a member that reads nothing is dropped", |record| {
        let ended = record.fin(SLOW, Way::ToClient) || record.reset(SLOW, Way::ToClient);
        let [sent, came] = [moved(record, WRITES, Way::ToServer), moved(record, SLOW, Way::ToClient)];
        if !ended && sent < WRITTEN {
            return Seen::Unknown(format!("the member that reads nothing was to be sent {WRITTEN} bytes and was sent {sent}"));
        }
        kept_if(ended, || {
            format!("a member read nothing while {sent} bytes were sent, and was not dropped: {came} bytes had been kept for it")
        })
    })
    .hint(LIMIT)
}

fn two_others_read(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut slow) = slow_caller(stage) else { return Ok(()) };
    let Some(mut reads) = caller(stage) else { return Ok(()) };
    let Some(mut writes) = caller(stage) else { return Ok(()) };
    // Whoever is a member by now gets what comes.
    at_rest(stage, Duration::from_millis(300));
    stage.step(slow.who(), "reads nothing");
    // Nobody but the slow one ever has more than one message to take.
    let message = vec![b'm'; MESSAGE];
    for _ in 0..WRITTEN / MESSAGE {
        writes.send(&message);
        let [back, passed_on] = [&mut writes, &mut reads].map(|member| member.receive(MESSAGE).len());
        if back < MESSAGE || passed_on < MESSAGE {
            break;
        }
    }
    slow.patience(Duration::from_secs(2))?;
    slow.receive_all(2 * WRITTEN);
    [slow, reads, writes].into_iter().for_each(|member| stage.keep(member));
    Ok(())
}

fn two_read(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut first) = caller(stage) else { return Ok(()) };
    let Some(mut second) = caller(stage) else { return Ok(()) };
    at_rest(stage, Duration::from_millis(300));
    first.send(b"hello");
    first.receive(5);
    second.receive(5);
    second.send(b", all");
    first.receive(5);
    second.receive(5);
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        _ => stage.patience(Duration::from_millis(300)),
    }
    stage.lockstep();
    stage.server()?;
    let mut slow = stage.attacker()?;
    slow.send(b"hi");
    if slow.receive(2) != b"hi" {
        return Err(Void("the first member of the chat did not get its own message".to_string()).into());
    }
    stage.step(slow.who(), "reads nothing from here on");
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.hung(CLIENT).is_some()) {
        tell_queues(stage)?;
    }
    // Until the server is gone: a thread of it that still comes out of its read must not meet a reset.
    stage.keep(slow);
    Ok(())
}

/// More than the kernels hold at both ends, in both directions.
const MUCH: usize = 64 * 1024 * 1024;

/// Whoever reads nothing writes, until the finished server cannot write any more; then a client comes.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut slow = stage.attacker()?;
    stage.step(slow.who(), "reads nothing from here on");
    let writes = thread::spawn(move || slow.flood(b'x', MUCH));
    if kernel::sees_sockets() {
        let server = stage.address()?.port();
        let stuck = |socket: &Socket| socket.local.port() == server && socket.unread > 0 && socket.unsent > 0;
        if !stage.sees(|_| stage.sockets_at_rest().is_some_and(|sockets| sockets.iter().any(stuck))) {
            return Err(Void("the server was not seen to wait for the slow reader".to_string()).into());
        }
        stage.fact(SERVER, "its send queue to the slow reader is full, and more bytes lie unread");
    }
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    stage.says(SERVER, "ended by the client")?;
    // Its end sets the slow reader free.
    stage.kill(SERVER)?;
    writes.join().map_err(|_| Void("the slow reader did not write to the end".to_string()).into())
}

/// Both ends of the connection to the slow reader, when the server waits for it.
fn tell_queues(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let server = stage.address()?.port();
    let sockets = stage.sockets().unwrap_or_default();
    let full =
        |socket: &&Socket| socket.state == State::Established && socket.local.port() == server && socket.unsent > 0;
    let Some(end) = sockets.iter().find(full) else {
        return Err(Void("no connection of the server has unsent bytes".to_string()).into());
    };
    let unread = sockets.iter().any(|socket| socket.local == end.remote && socket.unread > 0);
    if unread {
        stage.fact(SERVER, "its send queue to the slow reader is full: bytes that it wrote cannot leave");
        stage.fact(SERVER, "the receive queue of the slow reader is full too: bytes that came lie there unread");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) == ["1000 messages came back"] {
        Finding::Held("the one who did not read was dropped at the deadline, and the others went on".to_string())
    } else if record.hung(CLIENT).is_some() {
        Finding::Broke("one client does not read: the write to it waits without end, and so does everybody".to_string())
    } else {
        Finding::Other("the messages of the client did not come back".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    // Had everybody waited for the slow reader, the client would have been served when that one was given up.
    let given_up = record.lines(SERVER).iter().any(|line| line.contains("was not taken"));
    let served = finished::printed(record, &["hello"]) && !given_up;
    finished::finding(served, "one client did not read: only its own thread waited, and the next client was answered")
}
