//! `borrowed-port`: a test looks for a free port, and somebody else takes it before the test does.

use std::net::SocketAddr;

use lab::{CLIENT, Check, Experiment, Finding, Form, Record, Role, Rule, SERVER, Seen, Side, Stage, Void};

use crate::restart::{in_use, is_up, rules};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "borrowed-port",
    question: "The port was free a moment ago; why is it in use now?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: None, // it looks for no free port: its address is given
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "your program is a test that starts a server of its own; {host} {port} is 127.0.0.1 0, where 0 means any free port",
    "it prints a line that ends with the address at which its server will be: 127.0.0.1:50123",
    "then it waits for a line of input; meanwhile another program asks for the same port",
    "then its server listens, it says \"hello!\" to it, is answered \"hi\", prints hi as its last line, and ends with status 0",
    "if its server has to go elsewhere, it prints a line that ends with the new address before it prints hi",
];

fn forms() -> Vec<Form> {
    let taken = Form::new("another program asks for the port", play);
    let alone = Form::new("nobody else asks for the port", alone);
    vec![taken.rule(keeps_or_moves()).rule(greeted()), alone.rule(greeted())]
}

/// The test has its port, or has found another one.
fn keeps_or_moves() -> Rule {
    Rule::new("keeps-the-port", "another program does not get the port of the test's server", |record| {
        let Some(first) = record.lines(CLIENT).first().and_then(|line| named(line)) else {
            return Seen::Unknown("your program printed no address on its first line".to_string());
        };
        let moved = record.lines(CLIENT).iter().filter_map(|line| named(line)).any(|address| address != first);
        let words = rules::last_words(record, CLIENT);
        match (record.exit(SERVER), record.exit(CLIENT)) {
            (Some(_), _) => Seen::Kept,
            (None, _) if moved => Seen::Kept,
            (None, Some(exit)) if !exit.is_success() => {
                Seen::Violated(format!("another program has the port that yours had named, and yours {exit}{words}"))
            }
            (None, _) => Seen::Violated(
                "another program has the port that yours had named, and yours has named no other one".to_string(),
            ),
        }
    })
    .hint("let the kernel choose the port, and keep that listener open until the server uses it")
}

fn greeted() -> Rule {
    Rule::new("served", "the test is greeted by its own server", |record| {
        match (record.lines(CLIENT)[..].last(), record.exit(CLIENT)) {
            (_, Some(exit)) if !exit.is_success() => {
                Seen::Violated(format!("your client {exit}{}", rules::last_words(record, CLIENT)))
            }
            (Some(&"hi"), _) => Seen::Kept,
            (Some(line), _) => Seen::Violated(format!("the last line of your client is {line:?}; expected: \"hi\"")),
            (None, _) => Seen::Violated("your client printed nothing".to_string()),
        }
    })
}

fn alone(stage: &mut Stage) -> anyhow::Result<()> {
    let test = stage.talkative_solo()?;
    stage.wait("the test prints the address that it has chosen", |record| chosen(record).is_some())?;
    stage.type_line(test, "everything is prepared")?;
    stage.end_input(test)?;
    stage.ends(test)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    let test = stage.talkative_solo()?;
    stage.wait("the test prints the address that it has chosen", |record| chosen(record).is_some())?;
    let address = stage.record(chosen).ok_or_else(|| Void("the test chose no address".to_string()))?;
    stage.server_at(address);
    stage.step(SERVER, "is another program, and wants the same port");
    let other = stage.server_again()?;
    if is_up(stage, other) {
        stage.step(other, "listens there");
    }
    stage.type_line(test, "everything is prepared")?;
    stage.end_input(test)?;
    stage.ends(test)
}

/// The address on the first line of the test.
fn chosen(record: &Record) -> Option<SocketAddr> {
    address(record.lines(CLIENT).first()?)
}

/// The address at the end of a line, as the record has it: one that the lab has given a name is there by its name.
fn named(line: &str) -> Option<&str> {
    let last = line.split_whitespace().last()?;
    (last.starts_with('<') || last.parse::<SocketAddr>().is_ok()).then_some(last)
}

/// The address at the end of a line.
fn address(line: &str) -> Option<SocketAddr> {
    line.split_whitespace().last()?.parse().ok()
}

fn judge(record: &Record) -> Finding {
    let failed = record.exit(CLIENT).is_some_and(|exit| !exit.is_success());
    if record.exit(SERVER).is_none() && failed {
        Finding::Broke("the test gave the port back, and another program had it when the test came for it".to_string())
    } else if in_use(record, SERVER) && record.lines(CLIENT).last() == Some(&"hi") {
        Finding::Held("the test kept its listener open, and the other program was refused".to_string())
    } else {
        Finding::Other("the test was not greeted by its own server".to_string())
    }
}
