//! `self-connect`: the server is gone for a moment, and a client that tries again and again finds somebody: itself.

use std::fs;
use std::time::Duration;

use lab::kernel::{Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Void};

use crate::restart::{SECOND, in_use, is_up, rules};

mod broken;
mod fixed;
mod peer;

/// A connection to oneself.
const BOTH_ENDS: &str = "both ends at the server's port";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "self-connect",
    question: "How can a client connect to a server that is not running?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[
        Need::Linux("it is Linux that hands out its ports in turn, so that tries enough come to each of them"),
        Need::SocketTables,
    ],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: None, // it connects once, and no play can make the kernel give it the server's port
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "input: each line asks for one attempt, many calls of connect until one succeeds, as many as the kernel has ports",
    "after each attempt one line: the greeting \"hi\", or why there is none; at most 30 s for an attempt",
    "-> \"hello!\", 6 bytes   <- \"hi\", 2 bytes; then keep the connection until the input ends, and end with status 0",
    "the server is down at the first attempt and has to get its port back afterwards; at the second it is up",
];

fn forms() -> Vec<Form> {
    let down = Form::new("the server is down at the first attempt", play);
    let up = Form::new("the server is up", up);
    vec![down.rule(leaves_the_port()).rule(greeted(2)), up.rule(greeted(1))]
}

/// The client does not keep the port at which its server listened.
fn leaves_the_port() -> Rule {
    Rule::new("leaves-the-port", "the server gets its port back after the attempts of the client", |record| {
        let own = record.kernel().into_iter().find(|fact| fact.contains(BOTH_ENDS));
        match (own, record.exit(SECOND)) {
            // It has closed that connection, and with SO_REUSEADDR at both ends the port is free all the same.
            (Some(fact), None) if fact.ends_with("TIME-WAIT") => Seen::Kept,
            (Some(fact), Some(_)) if fact.ends_with("TIME-WAIT") => Seen::Violated(format!(
                "the server cannot have its port back{}; the client was connected to itself, and has closed: {fact}",
                rules::last_words(record, SECOND)
            )),
            (Some(fact), _) => Seen::Violated(format!("the client is connected to itself: {fact}")),
            (None, Some(_)) => Seen::Violated(format!(
                "the server cannot have its port back{}; the client had it as its own",
                rules::last_words(record, SECOND)
            )),
            (None, None) => Seen::Kept,
        }
    })
    .hint(
        "compare getsockname with getpeername, and close a connection to yourself with SO_LINGER 0, since its TIME-WAIT \
         would keep the port",
    )
}

/// After so many attempts the client has its greeting and ends well.
fn greeted(attempts: usize) -> Rule {
    Rule::new("served", "the client is greeted when the server is up", move |record| {
        let greeted = |line: &&str| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "hi");
        match (record.lines(CLIENT)[..].last(), record.exit(CLIENT)) {
            // It did not come to that attempt.
            _ if record.exit(SECOND).is_some() => Seen::Kept,
            _ if attempts > 1 && !rules::came(record, SECOND) => {
                Seen::Unknown("the server did not come back".to_string())
            }
            (_, Some(exit)) if !exit.is_success() => {
                Seen::Violated(format!("your client {exit}{}", rules::last_words(record, CLIENT)))
            }
            (Some(line), _) if greeted(line) => Seen::Kept,
            (Some(line), _) => {
                Seen::Violated(format!("the server was up at attempt {attempts}, and your client prints {line:?}"))
            }
            (None, _) => Seen::Violated("your client printed nothing".to_string()),
        }
    })
}

fn up(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "connect")?;
    says_how_it_went(stage, 1)?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// How often connections were begun in this network namespace, and how often that failed: `ActiveOpens` and
/// `AttemptFails` of RFC 4022, from proc_net(5).
fn attempts() -> Option<[u64; 2]> {
    let snmp = fs::read_to_string("/proc/net/snmp").ok()?;
    let mut lines = snmp.lines().filter(|line| line.starts_with("Tcp:"));
    let (names, values) = (lines.next()?, lines.next()?);
    let of = |wanted: &str| {
        let place = names.split_whitespace().position(|name| name == wanted)?;
        values.split_whitespace().nth(place)?.parse().ok()
    };
    Some([of("ActiveOpens")?, of("AttemptFails")?])
}

/// How many ports the kernel hands out.
fn ports() -> u64 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ends = range.split_whitespace().filter_map(|end| end.parse::<u64>().ok());
    ends.next().zip(ends.next()).map_or(28_232, |(first, last)| last.saturating_sub(first) + 1)
}

/// Whether so many attempts of a client of one's own make it sure that the server's port came up: as many as there are
/// ports, or many and then one that succeeded, though there was no server. Other programs of this machine try to connect as
/// well, so the client must also have used the time that so many tries take.
fn laid(before: Option<[u64; 2]>, used: Option<Duration>) -> anyhow::Result<()> {
    /// Less processor time than they take.
    const LITTLE: Duration = Duration::from_millis(10);
    let Some(([opened, failed], [opens, fails])) = before.zip(attempts()) else { return Ok(()) };
    let (opens, fails) = (opens.saturating_sub(opened), fails.saturating_sub(failed));
    let little = used.is_some_and(|used| used < LITTLE);
    if little || fails < FEW || fails < ports() && opens <= fails {
        let text = format!(
            "in this attempt too few connections were tried: the kernel has {} ports to hand out, and a few tries seldom come to \
             that of the server; try until one succeeds",
            ports()
        );
        return Err(Void(text).into());
    }
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.handed_out();
    stage.server()?;
    stage.kill(SERVER)?;
    let client = stage.talkative_client()?;
    // It has started when it waits for its input: what that takes is none of its attempts.
    stage.settle()?;
    let (before, used) = (attempts(), stage.processor_time(client));
    stage.type_line(client, "connect")?;
    says_how_it_failed(stage)?;
    let used = stage.processor_time(client).zip(used).map(|(now, before)| now.saturating_sub(before));
    let enough = laid(before, used);
    stage.settle()?;
    let own = |socket: &Socket| socket.local == socket.remote;
    let kept = stage.sockets().unwrap_or_default().into_iter().find(own);
    let said = stage.record(|record| record.complaints(client).iter().any(|line| line.contains("itself")));
    let laid = match stage.cast() {
        Cast::Broken => kept.is_some(),
        Cast::Fixed => said,
        // A client of one's own may notice silently, or bind its end to another port.
        _ if kept.is_none() => {
            enough?;
            true
        }
        _ => true,
    };
    if !laid {
        return Err(Void("no try of the client got the server's port".to_string()).into());
    }
    match &kept {
        Some(end) => stage.fact(client, format!("one connection, {BOTH_ENDS}, {}", end.state)),
        None => stage.fact(client, "no socket is at the server's port"),
    }
    let server = stage.server_again()?;
    let free = kept.as_ref().is_none_or(|socket| socket.state == State::TimeWait);
    if free && !is_up(stage, server) && kept.is_none() {
        // The kernel hands this port out to everybody, so a client of another program may have it by now.
        return Err(Void("somebody else has got the server's port".to_string()).into());
    }
    if is_up(stage, server) {
        stage.step(server, "listens");
        stage.type_line(client, "connect")?;
        says_how_it_went(stage, 2)?;
    }
    stage.end_input(client)?;
    stage.ends(client)
}

/// So few tries seldom come to a certain port.
const FEW: u64 = 1000;

/// Waits until the client has said of so many attempts how they went. One may be twenty thousand tries, and take long on a
/// busy machine.
fn says_how_it_went(stage: &Stage, times: usize) -> anyhow::Result<()> {
    stage.wait(HOW, spoke(times)).or_else(|_| stage.wait(HOW, spoke(times))).or_else(|_| stage.wait(HOW, spoke(times)))
}

/// The same of the first attempt, which finds no server. Where its tries take too long to come to the server's port, that
/// is said.
fn says_how_it_failed(stage: &Stage) -> anyhow::Result<()> {
    let before = attempts();
    if stage.wait(HOW, spoke(1)).is_ok() {
        return Ok(());
    }
    let failed = before.zip(attempts()).map(|([_, before], [_, now])| now.saturating_sub(before));
    if failed.is_some_and(|failed| failed < FEW) {
        let text = format!(
            "in the time that the lab waits for one thing fewer than {FEW} connections were refused: so slow are the client, \
             this machine or its loopback interface that its tries do not come to the server's port"
        );
        return Err(Void(text).into());
    }
    stage.wait(HOW, spoke(1)).or_else(|_| stage.wait(HOW, spoke(1)))
}

const HOW: &str = "the client says how it went";

/// The client has said of so many attempts how they went, or has ended.
fn spoke(times: usize) -> impl Fn(&Record) -> bool {
    move |record| {
        let lines = record.lines(CLIENT).len() + record.complaints(CLIENT).len();
        lines >= times || record.exit(CLIENT).is_some()
    }
}

fn judge(record: &Record) -> Finding {
    if in_use(record, SECOND) {
        Finding::Broke("the client spoke to itself, and now keeps the server from its own port".to_string())
    } else if record.lines(CLIENT).last() == Some(&"hi") {
        Finding::Held(
            "the client noticed that it had found itself, and was greeted when the server was back".to_string(),
        )
    } else {
        Finding::Other("the client was not greeted with hi when the server was back".to_string())
    }
}
