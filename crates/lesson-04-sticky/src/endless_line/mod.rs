//! `endless-line`: a peer sends 8 MiB without a newline, and would send more.

use std::time::{Duration, Instant};

use lab::kernel::State;
use lab::{
    Attacker, CLIENT, Check, Exit, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Way,
    wire,
};

use crate::bigger_buffer_myth::peer;
use crate::finished;
use crate::joined::forms;

mod broken;
mod fixed;

const MIB: u64 = 1024 * 1024;
const SENT: usize = 8 * 1024 * 1024;
const FULL: &str = "8 MiB without a newline made the server's memory grow by as much";
/// Between the number of MiB that came and by how many the memory grew.
const GREW: &str = " MiB without a newline made the server's memory grow by ";
const LITTLE: &str = "8 MiB without a newline made the server's memory grow by less than 1 MiB";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "endless-line",
    question: "What if the newline never comes?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a process is read from /proc")],
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge)),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    forms::WIRE[0],
    forms::WIRE[1],
    "a client may send without end and without a newline: keep no more of it than a message has, and answer none of it",
    "close the connection then, or throw the line away up to its newline; the server lives on, as do its other clients",
    forms::WIRE[2],
    forms::WIRE[3],
];

fn forms() -> Vec<Form> {
    let longest = "z".repeat(1024);
    vec![
        Form::new("up to 64 MiB without a newline", flood)
            .rule(not_answered())
            .rule(memory_is_limited())
            .rule(wire::served(CLIENT, ["-----> hello"])),
        forms::messages("the longest message, and another", &[&longest, "egg"], forms::cut_at([1000])),
        forms::waits_for_each_answer(),
        forms::keeps_blanks(),
    ]
}

/// As the chapter's play. A runtime that throws the line away makes garbage, so more is sent, and what counts is how much
/// of it has stayed. One that becomes slower with every byte is left alone after some seconds.
fn flood(stage: &mut Stage) -> anyhow::Result<()> {
    /// MiB that are sent, one after the other; and as long as more than half of them is kept, which may be garbage.
    const MOST: u64 = 64;
    const MOST_KEPT: u64 = 192;
    const LONGEST: Duration = Duration::from_secs(10);
    let server = stage.server()?;
    // What an ordinary connection takes is no part of it.
    let mut guest = stage.attacker()?;
    stage.step(guest.who(), "is an ordinary client");
    guest.patience(Duration::from_secs(5))?;
    guest.send(b"hello\n");
    guest.receive(forms::acknowledged(&["hello"]).len());
    guest.half_close();
    guest.receive_all(1024);
    stage.settle()?;
    let resident = |stage: &mut Stage| stage.memory(server).map(|memory| memory.resident);
    let before = resident(stage);
    let mut peer = stage.attacker()?;
    let answered = answers_a_part(&mut peer)?;
    let begin = Instant::now();
    let (mut sent, mut most) = (0, MOST);
    while !answered && sent < most && begin.elapsed() < LONGEST {
        peer.flood(b'x', MIB as usize);
        sent += 1;
        let grown = resident(stage).zip(before).map_or(0, |(now, before)| now.saturating_sub(before) / MIB);
        if sent == MOST && grown * 2 > sent {
            most = MOST_KEPT;
        }
        if !is_open(stage)? {
            break;
        }
    }
    if begin.elapsed() < LONGEST {
        stage.settle()?;
    }
    let queued = queued(stage)?;
    if let Some((now, before)) = resident(stage).zip(before) {
        let [taken, grown] = [(sent * MIB).saturating_sub(queued), now.saturating_sub(before)].map(|bytes| bytes / MIB);
        stage.fact(server, format!("{taken}{GREW}{grown} MiB"));
    }
    peer.reset();
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

/// Bytes that the server has not read yet.
fn queued(stage: &Stage) -> anyhow::Result<u64> {
    let port = stage.address()?.port();
    let sockets = stage.sockets().unwrap_or_default();
    let all = sockets.iter().filter(|socket| socket.state != State::Listen);
    Ok(all
        .map(|socket| if socket.local.port() == port { socket.unread } else { socket.unacknowledged })
        .map(u64::from)
        .sum())
}

/// Sends some bytes, more than a message has and no newline, and says whether an answer to them came.
fn answers_a_part(peer: &mut Attacker) -> anyhow::Result<bool> {
    peer.send(&[b'x'; 1500]);
    peer.patience(Duration::from_secs(1))?;
    let answer = peer.receive(1);
    if answer.is_empty() {
        return Ok(false);
    }
    peer.patience(Duration::from_millis(100))?;
    peer.receive(100);
    Ok(answer == b"-")
}

/// Whether the server's end of a connection is open.
fn is_open(stage: &Stage) -> anyhow::Result<bool> {
    let port = stage.address()?.port();
    let open = |state| matches!(state, State::Established | State::CloseWait);
    Ok(stage.sockets().is_none_or(|all| all.iter().any(|socket| socket.local.port() == port && open(socket.state))))
}

fn not_answered() -> Rule {
    Rule::new("not-before", "a line without an end is not answered", |record| {
        let answer = record.bytes(record.connections(), Way::ToClient);
        let early = format!("{} came, and the line had no end yet", wire::quoted(&answer));
        Seen::kept_if(!answer.starts_with(b"-----> "), early)
    })
    .hint("a read that is full, or has reached its limit, is not a message: only a newline ends one")
}

fn memory_is_limited() -> Rule {
    Rule::new("memory", "the memory of the server does not grow with the line", |record| {
        let facts = record.kernel();
        if facts.contains(&FULL) {
            return Seen::Violated(FULL.to_string());
        }
        if facts.contains(&LITTLE) {
            return Seen::Kept;
        }
        let number = |text: &str| text.split_whitespace().next()?.parse::<u64>().ok();
        let grew = facts.iter().find_map(|fact| {
            let (sent, grown) = fact.split_once(GREW)?;
            Some((*fact, number(sent)?, number(grown)?))
        });
        match grew {
            None => Seen::Unknown("the memory of your server could not be read".to_string()),
            // Nearly all of it is there; or twice as much, where the old and the new line are for a moment.
            Some((fact, taken, grown)) if grown >= 40 && grown * 4 >= taken * 3 || taken >= 2 && grown * 2 >= taken * 3 => {
                Seen::Violated(fact.to_string())
            }
            // It stopped reading, or most of it is not there.
            Some((_, taken, grown)) if taken < 2 || grown * 2 <= taken => Seen::Kept,
            Some((fact, ..)) => Seen::Unknown(format!("{fact}: that may be all of it, or garbage that will be thrown away; try again when the machine is less busy")),
        }
    })
    .hint("stop reading a line when it is longer than any message may be, before it is whole")
}

/// The next client must be served whatever the attacker did.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let server = stage.server()?;
    stage.settle()?;
    let before = stage.memory(server);
    let mut attacker = stage.attacker()?;
    attacker.flood(b'x', SENT);
    stage.settle()?;
    if let (Some(before), Some(now)) = (before, stage.memory(server)) {
        // The kernel counts resident pages in batches: it may be some hundreds of KiB behind.
        stage.fact(
            server,
            match now.resident.saturating_sub(before.resident) / MIB {
                0 => LITTLE.to_string(),
                7.. => FULL.to_string(),
                some => format!("8{GREW}{some} MiB"),
            },
        );
    }
    attacker.reset();
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let served = record.exit(CLIENT) == Some(Exit::Status(0)) && record.lines(CLIENT) == ["-----> hello"];
    let facts = record.kernel();
    if record.exit(SERVER).is_some() {
        Finding::Broke("the server died of a line that did not end".to_string())
    } else if facts == [FULL] {
        Finding::Broke("a line without an end is kept in memory for as long as its sender likes".to_string())
    } else if !served {
        Finding::Other("the next client was not served".to_string())
    } else if facts == [LITTLE] {
        Finding::Held("the line was refused when it was too long, and the next client was served".to_string())
    } else {
        Finding::Other("the server kept a part of the line that is longer than any message".to_string())
    }
}
