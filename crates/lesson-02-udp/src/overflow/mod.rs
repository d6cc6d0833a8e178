//! `overflow`: while the server gets no processor, the client sends more than its receive buffer holds.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use lab::kernel::{self, Socket};
use lab::{
    Allowed, CLIENT, Cast, Check, Exit, Experiment, Fate, Fates, Finding, Form, Need, Record, Rehearsal, Role, Rule,
    SERVER, Seen, Side, Stage,
};

use crate::finished;
use crate::rules::{count, end};

mod broken;
mod fixed;
mod peer;

/// So many pieces of 8 KiB are more than a receive buffer holds by default on any system.
const PIECES: usize = 300;
/// The lines of the finished client. Linux counts what it needs for a datagram, some hundred bytes for a small one: its
/// default of 212992 holds fewer than 300 of these.
const LINES: &[&str] = &["hello"; 350];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "overflow",
    question: "Every send was Ok. Where are the datagrams?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("the lab stops the server for a while by a signal that Windows does not have")],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "standard input is one line, a number N",
        "-> N datagrams of 8192 bytes: 4 bytes number of the piece, big-endian, from 0 on, and 8188 bytes of anything",
        "<- for each one that arrives the 4 bytes of its number",
        "datagrams get lost, and numbers come twice, either way; the server may read nothing for up to 3 seconds",
        "end with status 0 when the number of every piece has come back; until then keep trying for at least 5 seconds",
    ],
    forms: |_| forms(),
    // Its client does not ask again while the server is stopped.
    finished: Some(Rehearsal {
        serve: &["--rate", "1000", "--clock", "Thu Nov 20 23:47:00 2025"],
        connect: &["--timeout", "10"],
        ..finished::rehearsal(LINES, judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    use Fate::{Double, Drop, Pass};
    vec![
        ruled(Form::new("the server gets no processor for a while", stopped), PIECES),
        relayed("pieces are lost, and every number comes twice", [Pass, Pass, Drop].repeat(4), [Double; 24]),
        relayed("a number is lost", [], [Pass, Drop]),
        relayed("two pieces and two numbers are lost", [Drop, Pass, Pass, Drop], [Drop, Pass, Drop, Double]),
    ]
}

/// A few pieces through a relay with these fates.
fn relayed(name: &str, to_server: impl Into<Vec<Fate>>, to_client: impl Into<Vec<Fate>>) -> Form {
    const FEW: usize = 12;
    let fates = Fates { to_server: to_server.into(), to_client: to_client.into() };
    let form = Form::new(name, move |stage| {
        stage.patience(LONGEST_WAIT);
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(fates.clone())?;
        stage.client(&[&FEW.to_string()])?;
        stage.ends(CLIENT)
    });
    ruled(form, FEW)
}

/// A program of one's own asks again after at most this time.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A program of one's own may send a piece again and again, and as many as it likes: the server gets its processor back
/// when the client has ended, or after two seconds in which at least one piece lay in the buffer.
fn stopped(stage: &mut Stage) -> anyhow::Result<()> {
    const STOPPED: Duration = Duration::from_secs(2);
    /// A program that sends nothing is waited for no longer.
    const MOST: Duration = Duration::from_secs(20);
    const LOOK: Duration = Duration::from_millis(20);
    stage.patience(LONGEST_WAIT);
    stage.datagrams();
    stage.server()?;
    stage.pause(SERVER)?;
    stage.client(&[&PIECES.to_string()])?;
    let port = stage.address()?.port();
    let (begin, mut first) = (Instant::now(), None);
    while first.map_or(begin.elapsed() < MOST, |first: Instant| first.elapsed() < STOPPED) {
        let sockets = stage.sockets().unwrap_or_default();
        if sockets.iter().any(|socket| socket.local.port() == port && socket.unread > 0) {
            first.get_or_insert_with(Instant::now);
        }
        thread::park_timeout(LOOK);
    }
    stage.resume(SERVER)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

/// How many of the pieces the server has.
fn arrived(record: &Record, pieces: usize) -> usize {
    let lines = record.lines(SERVER);
    (0..pieces).filter(|number| lines.contains(&format!("piece {number}").as_str())).count()
}

fn ruled(form: Form, pieces: usize) -> Form {
    let all_arrive = Rule::new("all-arrive", "every piece arrives", move |record| {
        let arrived = arrived(record, pieces);
        Seen::kept_if(
            arrived == pieces,
            format!("{} of {} arrived, and then {}", arrived, count(pieces, "piece"), end(record)),
        )
    });
    let ends = Rule::new("ends", "your client ends with status 0", move |record| {
        let well = record.exit(CLIENT).is_some_and(Exit::is_success);
        Seen::kept_if(
            well || arrived(record, pieces) < pieces,
            format!("every piece arrived, and then {}", end(record)),
        )
    });
    let hint = "that a send succeeds says nothing of the receiver: wait until the number of a piece comes back, compare it, and \
                send the piece again when it does not come in time";
    form.allow(Allowed::Hangs(CLIENT)).allow(Allowed::Fails(CLIENT)).rule(all_arrive.hint(hint)).rule(ends)
}

/// Without a relay: it would receive all the time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    stage.pause(SERVER)?;
    stage.client(&[&PIECES.to_string()])?;
    match stage.cast() {
        Cast::Broken => {
            stage.exits(CLIENT)?;
        }
        _ => holds_back(stage)?,
    }
    stage.resume(SERVER)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

/// The first piece lies in the server's buffer. The finished program might send more: then until no more come.
fn holds_back(stage: &Stage) -> anyhow::Result<()> {
    /// Looks at the buffer with the same answer.
    const LOOKS: u32 = 200;
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let looks = if stage.cast() == Cast::Finished { LOOKS } else { 0 };
    let (before, same) = (Cell::new(0), Cell::new(0));
    let full = |sockets: &[Socket]| {
        let unread = sockets.iter().filter(|socket| socket.local.port() == port).map(|socket| socket.unread).sum();
        same.set(if before.replace(unread) == unread { same.get() + 1 } else { 0 });
        unread > 0 && same.get() >= looks
    };
    if stage.sees(full) { Ok(()) } else { Err(lab::Void("the client sent nothing".to_string()).into()) }
}

fn judge(record: &Record) -> Finding {
    let lines = record.lines(SERVER);
    let pieces: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("piece ")).collect();
    let are_first = pieces.iter().enumerate().all(|(place, piece)| *piece == place.to_string());
    let ended = record.exit(CLIENT).is_some_and(Exit::is_success);
    if pieces.is_empty() {
        Finding::Other(
            "not one piece arrived: each is 4 bytes big-endian number, from 0 on, and 8188 bytes more".to_string(),
        )
    } else if !ended {
        Finding::Other("the client did not end well".to_string())
    } else if pieces.len() == PIECES {
        Finding::Held("the client waited for acknowledgements, and every piece arrived".to_string())
    } else if are_first {
        Finding::Broke(
            "only the first few pieces arrived, the buffer was full for the others, and the client was not told"
                .to_string(),
        )
    } else {
        Finding::Broke("some pieces did not arrive, and the client was not told".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let asked = record.lines(SERVER).iter().filter(|line| line.contains("sent 5 bytes, answered")).count();
    if finished::printed(record, LINES) && asked == LINES.len() {
        Finding::Held("the client waited for each answer before it asked again, and no datagram was lost".to_string())
    } else {
        Finding::Other("not every line was asked once and answered".to_string())
    }
}
