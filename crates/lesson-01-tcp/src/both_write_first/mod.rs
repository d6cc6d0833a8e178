//! `both-write-first`: two programs that send much more than the kernels hold, and only then read.

use lab::kernel::{Socket, State};
use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Stage, Step, Way, What,
};

use crate::finished::{self, PIECE, STAMP};
use crate::forms::kept_if;

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "both-write-first",
    question: "Each side sends first and reads then: why does it stop with big data only?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[LINE], judge_finished) }),
    ..lab::EXPERIMENT
};

/// The size of a backup, bytes.
const SIZE: usize = 64 * 1024 * 1024;

const WIRE: &[&str] = &[
    "-> the client's backup: 67108864 bytes (64 MiB) of any value, nothing before and nothing behind",
    "<- the server's backup: as many; the server sends all of it before it reads any of the client's",
    "the client takes all of it, and ends with status 0 when both are over",
];

fn forms() -> Vec<Form> {
    let direct = Form::new("client and server without anybody between", play).rule(delivers());
    let relayed = Form::new("through a relay that counts", |stage| {
        stage.server()?;
        stage.longest(SIZE);
        stage.relay([])?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    });
    vec![
        direct,
        relayed
            .rule(delivers())
            .rule(counts(Way::ToServer, "the client's backup"))
            .rule(counts(Way::ToClient, "the server's backup")),
    ]
}

/// The server has the client's backup, for which it had to get rid of its own.
fn delivers() -> Rule {
    Rule::new("backup", "the server has the whole backup of the client", |record| {
        let said = [record.lines(SERVER), record.complaints(SERVER)].concat();
        match said.last() {
            Some(&"the client's backup is here") => Seen::Kept,
            Some(line) if !line.starts_with("listening") => Seen::Violated(format!("the server says: {line}")),
            _ if record.hung(CLIENT).is_some() => {
                Seen::Violated("client and server wait for each other, and both have more to send".to_string())
            }
            _ => Seen::Violated("the client ended, and the server did not get its backup".to_string()),
        }
    })
    .hint("read while you write (a thread, select), or read first: whoever only writes waits when all queues are full")
}

fn counts(way: Way, what: &'static str) -> Rule {
    Rule::new("backup", format!("{what} has {SIZE} bytes"), move |record| {
        let bytes = |what: &What| match what {
            What::Bytes { way: w, total, .. } if *w == way => *total,
            _ => 0,
        };
        let size: usize = record.on(1).map(|event| bytes(&event.what)).sum();
        kept_if(size == SIZE, || format!("{what} had {size} bytes instead of {SIZE}"))
    })
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    let Some(sockets) = stage.sockets() else { return Ok(()) };
    let full = |socket: &&Socket| socket.state == State::Established && socket.unread > 0 && socket.unacknowledged > 0;
    if sockets.iter().filter(full).count() == 2 {
        stage.fact(CLIENT, "at both ends bytes lie unread, and more bytes wait to be sent");
    }
    Ok(())
}

/// A line of five pieces for the finished client.
const LINE: &str = match str::from_utf8(&[b'x'; 5 * PIECE]) {
    Ok(line) => line,
    Err(_) => unreachable!(),
};

/// The first answer waits until the client has written all that it writes without one.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    let first = At::Byte(STAMP + PIECE);
    stage.server()?;
    stage.relay([Script::to_client([Step::Hold(first), Step::Settle, Step::Send(first)])])?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let complete = record.lines(SERVER).contains(&"the client's backup is here");
    if record.hung(CLIENT).is_some() {
        Finding::Broke("each waits for the other to read, and both are still writing".to_string())
    } else if complete && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the client read while it wrote, and 64 MiB went in each direction".to_string())
    } else {
        Finding::Other("the client ended, and not all of its 64 MiB had come".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let unanswered = record
        .on(1)
        .map(|event| &event.what)
        .take_while(|what| !matches!(what, What::Bytes { way: Way::ToClient, .. }));
    let length = |what: &What| if let What::Bytes { total, .. } = what { *total } else { 0 };
    let whole = finished::unstamped(&record.bytes(1, Way::ToClient)) == LINE.as_bytes();
    if unanswered.map(length).sum::<usize>() > PIECE {
        Finding::Broke("the client wrote more than one piece before it read".to_string())
    } else if whole && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held(
            "the client wrote one piece of the line, and waited for the answer to it before the next".to_string(),
        )
    } else {
        Finding::Other("the line did not come back whole".to_string())
    }
}
