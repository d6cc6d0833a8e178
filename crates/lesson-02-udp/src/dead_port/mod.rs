//! `dead-port`: the server answers once and goes; then it is asked again.

use std::net::UdpSocket;
use std::time::Duration;

use lab::{
    Allowed, CLIENT, Cast, Check, Exit, Experiment, Fates, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side,
    Stage, What,
};

use crate::finished;
use crate::rules::{self, asked, brief, end};

mod broken;
mod fixed;
pub(crate) mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "dead-port",
    question: "The server has gone. Does its client notice?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Unix("Windows tells a socket without a peer as well, as ConnectionReset"), Need::PortUnreachable],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> for each line of standard input, as soon as it is typed, one datagram: the line, without its newline",
        "<- the same bytes, within 3 seconds; print them, and then take the next line",
        "the server goes, and nobody has its port: end with a status other than 0, within 6 seconds",
        "all was answered and the input has ended: end with status 0",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    vec![
        goes("the server goes after the first line", &["one"], &["two"]),
        goes("the server goes after the second line", &["one", "two"], &["three", "four"]),
        stays("the server stays", &["one", "two", "three"]),
    ]
}

/// The server goes when it has answered these lines, and then these are typed.
fn goes(name: &str, answered: &'static [&str], more: &'static [&str]) -> Form {
    let form = Form::new(name, move |stage| {
        // It may wait with a timeout.
        stage.patience(Duration::from_secs(6));
        stage.datagrams();
        stage.server()?;
        stage.talkative_client()?;
        for (place, line) in answered.iter().enumerate() {
            stage.type_line(CLIENT, line)?;
            rules::rest(stage, |stage| {
                stage.record(|record| record.exit(CLIENT).is_some() || record.lines(CLIENT).len() > place).then_some(())
            })?;
        }
        stage.settle()?;
        stage.kill(SERVER)?;
        let _deaf = deaf(stage)?;
        for line in more {
            stage.type_line(CLIENT, line)?;
        }
        stage.end_input(CLIENT)?;
        stage.ends(CLIENT)
    });
    let prints = Rule::new("prints", "what was answered is printed, and nothing else as an answer", move |record| {
        let printed = record.lines(CLIENT);
        let same = printed.iter().zip(answered).take_while(|(printed, line)| printed == line).count();
        match (answered.get(same), printed.get(same)) {
            (Some(line), None) => {
                Seen::Violated(format!("your client did not print the answer to {line:?}: {}", end(record)))
            }
            (Some(line), Some(other)) => {
                Seen::Violated(format!("for {line:?} your client printed {}", brief(other.as_bytes())))
            }
            _ => match printed.iter().find(|line| more.contains(line)) {
                Some(line) => {
                    Seen::Violated(format!("your client printed {line:?} as an answer when the server had gone"))
                }
                None => Seen::Kept,
            },
        }
    });
    let notices = Rule::new("notices", "your client ends when the server has gone", |record| {
        let place = |what: fn(&What) -> bool| record.events.iter().position(|event| what(&event.what));
        let gone = place(|what| *what == What::Killed);
        match (place(|what| matches!(what, What::Exit(_))), gone) {
            (Some(ended), Some(gone)) if ended < gone => {
                Seen::Violated(format!("the server was there, and {}", end(record)))
            }
            (None, _) => Seen::Violated("the server has gone, and your client goes on waiting".to_string()),
            _ => Seen::Kept,
        }
    });
    let says_so = Rule::new("says-so", "the status says that a line was not answered", |record| {
        let well = record.exit(CLIENT).is_some_and(Exit::is_success);
        Seen::kept_if(!well, "a line was not answered, and your client ended with status 0, as if it had been")
    });
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Fails(CLIENT))
        .rule(prints.hint("send each line as soon as it is typed, print the answer, and flush it (in Python flush=True)"))
        .rule(notices.hint(
            "connect the socket: then the kernel tells it that nobody has the port; and give it a timeout, for what is lost",
        ))
        .rule(says_so.hint("end with an error status, so that whoever started it learns of it"))
}

/// The server answers everything.
fn stays(name: &str, lines: &'static [&str]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(lines)?;
        stage.ends(CLIENT)
    });
    let without_reason =
        Rule::new("not-without-reason", "your client ends well when all was answered", move |record| {
            let asked = asked(record, CLIENT);
            let missing = lines.iter().find(|line| !asked.iter().any(|asked| asked.bytes == line.as_bytes()));
            match missing {
                Some(line) => {
                    Seen::Violated(format!("the server was there and was never asked for {line:?}: {}", end(record)))
                }
                None => Seen::kept_if(
                    record.exit(CLIENT).is_some_and(Exit::is_success),
                    format!("the server answered every line, and {}", end(record)),
                ),
            }
        });
    form.allow(Allowed::Hangs(CLIENT)).allow(Allowed::Fails(CLIENT)).rule(without_reason)
}

/// Without a relay: it would be there when the server has gone.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    answered_and_gone(stage)?;
    let _deaf = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

/// The client has the answer to its first datagram; then the server is killed.
fn answered_and_gone(stage: &mut Stage) -> anyhow::Result<()> {
    stage.says(CLIENT, "one")?;
    stage.settle()?;
    stage.kill(SERVER)
}

/// A socket that keeps the server's port from everybody else and hears nobody but itself: to all others the port is dead.
pub(crate) fn deaf(stage: &Stage) -> anyhow::Result<UdpSocket> {
    let socket = UdpSocket::bind(stage.address()?)?;
    socket.connect(stage.address()?)?;
    Ok(socket)
}

fn judge(record: &Record) -> Finding {
    match record.exit(CLIENT) {
        None if record.hung(CLIENT).is_some() => Finding::Broke(
            "the server has gone, and the client waits for its answer for ever: it was not told that nobody has the port"
                .to_string(),
        ),
        Some(exit) if exit.is_success() => Finding::Other(
            "the client ended as if its last line had been answered: let it end with an exit status other than 0"
                .to_string(),
        ),
        Some(Exit::Status(_)) => Finding::Held(held(record).to_string()),
        _ => Finding::Other("the client did not end by itself".to_string()),
    }
}

fn held(record: &Record) -> &'static str {
    match record.cast {
        Cast::Yours(_) => "the server has gone, and the client ended with an error",
        _ => "the server has gone, and the client was told: nobody has the port",
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("nobody receives datagrams"));
    finished::finding(told && record.lines(CLIENT).len() == 1, held(record))
}
