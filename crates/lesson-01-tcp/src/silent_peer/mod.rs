//! `silent-peer`: somebody connects and says nothing; behind comes a client that wants to be served.

use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Seen, Side, Stage, Way};

use crate::finished;
use crate::forms::{ECHO, caller, leave, long, pause, served};

#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever a read gives")]
mod fixed;
mod peer;

/// The connection on which nothing is said, and the one behind it.
const SILENT: usize = 1;
const LATER: usize = 2;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "silent-peer",
    question: "How long does a server wait for a peer that says nothing?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--idle", "0.5", "--clock", "2026-02-03T09:05:00"],
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    ECHO[0],
    ECHO[1],
    "nothing has come from a client for 3 s at most (1 s is better here): the server closes that connection",
    "a client from which something comes every 0.3 s is not silent and is served, however long it stays",
    "then, or meanwhile, it serves the next client; a client that has ended its stream sees the end of the server's",
];

/// A server of one's own has to give up by then. It may take it 3 s.
const LONGEST: Duration = Duration::from_secs(7);

fn forms() -> Vec<Form> {
    vec![
        Form::new("a silent connection before a client", |stage| silence(stage, b"", 1))
            .rule(served(LATER, "the next client", "hello").hint(DEADLINE))
            .rule(closes()),
        Form::new("a connection that falls silent after its first answer", |stage| silence(stage, b"hi", 1))
            .rule(served(SILENT, "who falls silent", "hi"))
            .rule(served(LATER, "the next client", "hello").hint(DEADLINE))
            .rule(closes()),
        Form::new("two clients behind a silent connection", |stage| silence(stage, b"", 2))
            .rule(served(LATER, "the next client", "hello").hint(DEADLINE))
            .rule(served(LATER + 1, "the client after that", "hello").hint(DEADLINE))
            .rule(closes()),
        Form::new("a client that says something every 0.1 s, for 3.5 s", talks_on)
            .rule(served(1, "a client that is not silent", &long(b'a')[..WORDS]).hint(ANEW)),
    ]
}

/// What servers with one time limit for the whole connection have to do.
const ANEW: &str = "the time limit is for silence: let it begin anew with everything that comes";

/// As many bytes, with [`PACE`] between them, take longer than a client may be silent.
const WORDS: usize = 35;
const PACE: Duration = Duration::from_millis(100);

fn talks_on(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let Some(mut talker) = caller(stage) else { return Ok(()) };
    for word in &long(b'a')[..WORDS] {
        talker.send(&[*word]);
        if talker.receive(1).is_empty() {
            break;
        }
        pause(PACE);
    }
    leave(talker);
    Ok(())
}

/// What most servers without a deadline have to do.
const DEADLINE: &str = "give each accepted connection a time limit for reading (settimeout, SO_RCVTIMEO, wait_for), and \
                        close that connection when it is over";

fn closes() -> Rule {
    let closed = |record: &Record| {
        if is_dropped(record) {
            Seen::Kept
        } else if record.hung(CLIENT).is_some() {
            Seen::Violated("the next client waits behind a connection on which nothing is said".to_string())
        } else {
            Seen::Violated(format!("on a connection nothing came for {} s, and it is still open", LONGEST.as_secs()))
        }
    };
    Rule::new("closes", "a connection on which nothing comes is closed", closed).hint(DEADLINE)
}

/// Somebody says this and nothing more; behind come so many clients.
fn silence(stage: &mut Stage, said: &[u8], clients: usize) -> anyhow::Result<()> {
    stage.patience(LONGEST);
    stage.server()?;
    stage.relay([])?;
    let Some(mut silent) = caller(stage) else { return Ok(()) };
    if !said.is_empty() {
        silent.send(said);
        silent.receive(said.len());
    }
    stage.step(silent.who(), "says nothing from here on");
    for _ in 0..clients {
        let client = stage.client(&["hello"])?;
        stage.ends(client)?;
        if stage.record(|record| record.exit(client).is_none()) {
            stage.keep(silent);
            return Ok(());
        }
    }
    silent.patience(LONGEST)?;
    silent.receive_all(1);
    stage.keep(silent);
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    match stage.cast() {
        // It has no time limit that could wake it.
        Cast::Broken => {}
        _ => stage.patience(Duration::from_millis(700)),
    }
    stage.server()?;
    stage.relay([])?;
    let mut silent = stage.attacker()?;
    stage.step(silent.who(), "connects before the client, and says nothing");
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.exit(CLIENT).is_some()) {
        // Whoever serves everybody at the same time may still keep the connection for ever.
        silent.receive_all(1);
    }
    stage.keep(silent);
    Ok(())
}

/// The finished server serves both at the same time.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.patience(Duration::from_millis(700));
    stage.server()?;
    stage.relay([])?;
    let mut silent = stage.attacker()?;
    stage.step(silent.who(), "connects before the client, and says nothing");
    silent.receive_all(1);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn is_dropped(record: &Record) -> bool {
    record.fin(SILENT, Way::ToClient) || record.reset(SILENT, Way::ToClient)
}

fn judge(record: &Record) -> Finding {
    let answered = record.bytes(LATER, Way::ToClient) == b"hello";
    if answered && is_dropped(record) {
        Finding::Held("the server closed the silent connection at its deadline and served the next client".to_string())
    } else if answered {
        Finding::Broke("the next client was served, but the silent connection stays open for ever".to_string())
    } else if record.hung(CLIENT).is_some() {
        Finding::Broke("the server waits for a peer that says nothing, and the next client waits with it".to_string())
    } else {
        Finding::Other("the client behind the silent one did not get its hello back".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let answered = record.lines(CLIENT).iter().any(|line| line.ends_with("] hello"));
    finished::finding(answered && is_dropped(record), "the silent connection was closed, and the next client answered")
}
