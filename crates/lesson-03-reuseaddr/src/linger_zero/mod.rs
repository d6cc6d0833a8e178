//! `linger-zero`: a way to have no TIME-WAIT that throws away what was said last.

use std::time::Duration;

use lab::kernel::{self, Socket, State};
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side,
    Stage, Void, Way, wire,
};

use crate::restart::{REHEARSAL, rules, waits_in_time_wait};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "linger-zero",
    question: "Does SO_LINGER with 0 seconds get rid of TIME-WAIT?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::SocketTables, Need::UsualBuffers],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    rules::WIRE[0],
    "<- \"hi\" 50,000 times, 100,000 bytes, and the end of the stream, within 5 s; nothing before the hello is whole",
    "the client may be slow: it may read nothing for 3 s",
    "the server may end then, or serve the next client",
];
/// What the client says when it has got all of it.
const WHOLE: &str = "the whole greeting";
/// No bytes are left with the kernel.
const NOTHING: &str = "nothing is left of the server's end: no TIME-WAIT, and no bytes to be sent either";

fn forms() -> Vec<Form> {
    let greeting = b"hi".repeat(50_000);
    let direct = |form: Form| form.bytes(1, Way::ToClient, "the greeting", greeting.clone());
    let slow = Form::new("a client that reads nothing until the server has closed", play).rule(whole_greeting());
    let slow = slow.struck_if(|record| match record.kernel().first() {
        Some(fact) if *fact != NOTHING => Ok(()),
        _ => Err("the client's kernel took the whole greeting at once, so nothing could be thrown away".to_string()),
    });
    let pieces = Form::new("the hello in two pieces", |stage: &mut Stage| reads_all(stage, &[b"hel", b"lo!"]));
    let pieces = pieces.rule(wire::not_before(1, 6, "the hello"));
    let fast = Form::new("a client that reads at once", |stage: &mut Stage| reads_all(stage, &[b"hello!"]));
    vec![slow, direct(fast), direct(pieces)].into_iter().map(|form| form.allow(Allowed::Ends(SERVER))).collect()
}

fn whole_greeting() -> Rule {
    Rule::new("whole-greeting", "a slow client gets the whole greeting and its end", |record| {
        match (record.lines(CLIENT)[..].first(), record.hung(CLIENT)) {
            (Some(line), _) if line.starts_with(WHOLE) => Seen::Kept,
            (Some(line), _) => Seen::Violated(format!("the client got {line}")),
            (None, Some(_)) => Seen::Violated("the client waits: your server does not close the connection".to_string()),
            (None, None) => Seen::Violated(format!("the client was not greeted{}", rules::last_words(record, CLIENT))),
        }
    })
    .hint(
        "send everything, then close without SO_LINGER 0 and with nothing unread: the kernel sends the rest, even if the \
         process has ended",
    )
}

/// A client that the lab plays itself says hello in these pieces, and reads to the end.
fn reads_all(stage: &mut Stage, hello: &[&[u8]]) -> anyhow::Result<()> {
    stage.server()?;
    let mut guest = stage.attacker()?;
    stage.step(guest.who(), "is a client that reads at once");
    for (place, piece) in hello.iter().enumerate() {
        guest.send(piece);
        if place + 1 < hello.len() {
            guest.taken();
            guest.patience(Duration::from_millis(500))?;
            guest.receive(100);
        }
    }
    guest.patience(rules::PATIENCE)?;
    guest.receive_all(200_000);
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    let client = stage.talkative_client()?;
    // The server has written everything and closed, and the client has read nothing.
    stage.settle()?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        // It may sleep for a while before it writes.
        let port = stage.address()?.port();
        let open = |socket: &Socket| socket.local.port() == port && socket.state == State::Established;
        stage.sees(|sockets| !sockets.iter().any(open));
    }
    let pending = what_is_left(stage)?;
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)?;
    let over = stage.record(|record| record.hung(CLIENT).is_none());
    if pending && over { waits_in_time_wait(stage, SERVER) } else { Ok(()) }
}

/// Two bytes are never left over, but how the finished server closes can be seen on the wire.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    stage.exits(SERVER)?;
    stage.settle()?;
    if stage.record(|record| record.reset(1, Way::ToClient)) { Ok(()) } else { waits_in_time_wait(stage, SERVER) }
}

/// Looks what the kernel still has of the server's end, says so on the record, and whether there is anything.
fn what_is_left(stage: &Stage) -> anyhow::Result<bool> {
    if !kernel::sees_sockets() {
        return Ok(false);
    }
    let port = stage.address()?.port();
    let connection = |socket: &&Socket| socket.local.port() == port && socket.state != State::Listen;
    let left = stage.sockets().unwrap_or_default();
    let Some(end) = left.iter().find(connection) else {
        stage.fact(SERVER, NOTHING);
        return Ok(false);
    };
    if end.unacknowledged == 0 {
        return Err(Void(format!("the server's end is {} before the client reads", end.state)).into());
    }
    if end.state == State::FinWait1 {
        stage.fact(
            SERVER,
            "the server's end is in FIN-WAIT-1 and still has bytes to be sent; the process is not needed",
        );
    } else {
        stage.fact(SERVER, format!("the server's end is in {} and still has bytes to be sent", end.state));
    }
    Ok(true)
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT).concat();
    if heard.starts_with("a part of the greeting, then: ") {
        Finding::Broke("closing threw away what the client had not taken yet, and reset the connection".to_string())
    } else if heard.starts_with(WHOLE) {
        Finding::Held("the kernel sent the rest after the server had closed, and the client got everything".to_string())
    } else {
        Finding::Other("the client got something else than the greeting of 100000 bytes".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let reset = record.reset(1, Way::ToClient);
    if record.bytes(1, Way::ToClient) == b"hi" && record.fin(1, Way::ToClient) && !reset {
        Finding::Held("the server closed with a FIN, and the TIME-WAIT is its own".to_string())
    } else {
        Finding::Other("the server did not close with a FIN behind its greeting".to_string())
    }
}
