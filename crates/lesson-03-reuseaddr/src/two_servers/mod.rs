//! `two-servers`: a server is started while another one listens at the same address.

use lab::kernel::State;
use lab::{
    CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, Seen, Side, Stage, Void, Who,
};

use crate::restart::{REHEARSAL, SECOND, in_use, rules};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

const TWO: &str = "two sockets listen at this address, of two processes";
const TWICE: &str = "two clients were greeted with \"hi 1\"";
const ONCE: &str = "100 clients, no two greetings alike";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "two-servers",
    question: "The old server still runs; what happens when a second one takes its address?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[
        Need::Linux("it is Linux that deals out connections to all sockets that share a port"),
        Need::SocketTables,
    ],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { serve: &["--quiet"], judge: judge_finished, ..REHEARSAL }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    rules::WIRE[0],
    "<- \"hi \" and the number of the client, from 1 on, within 5 s; then the server closes",
    "a second server is started at the same address while the first one runs: it must not get it, and has to end,",
    "with an error status or with a line that says why; the first one serves everybody",
];

fn forms() -> Vec<Form> {
    let ruled = |form: Form, seconds: &[Who]| {
        let form = seconds.iter().fold(form, |form, who| form.rule(is_refused(*who)));
        let form = seconds.iter().fold(form, |form, who| form.allow(lab::Allowed::Ends(*who)));
        form.rule(numbers())
    };
    vec![
        ruled(Form::new("a second server", play), &[SECOND]),
        ruled(Form::new("a second server, after the first has served a client", after_a_client), &[SECOND])
            .rule(rules::starts_with(1, b"hi ")),
        ruled(Form::new("a second and a third server", a_third), &[SECOND, rules::third(Role::Server)]),
        rules::in_pieces(rules::starts_with(1, b"hi ")),
    ]
}

/// This server, which was started beside the first, does not get its address, and nobody is left in the dark about it.
fn is_refused(who: Who) -> Rule {
    Rule::new("is-refused", format!("{who} does not get the address, and says so"), move |record| {
        let silent = record.lines(who).is_empty() && record.complaints(who).is_empty();
        match record.exit(who) {
            _ if record.kernel().contains(&TWO) => {
                Seen::Violated(format!("{TWO}: your {who} was let in beside the first"))
            }
            None => match rules::late(record, who) {
                Some(why) => Seen::Violated(format!("it has to end when it does not get the address: {why}")),
                None => Seen::Unknown(format!("it did not come to {who}")),
            },
            Some(exit) if exit.is_success() && silent => {
                Seen::Violated(format!("your {who} {exit} and prints nothing: nobody learns that it does not run"))
            }
            Some(_) => Seen::Kept,
        }
    })
    .hint("leave SO_REUSEPORT (reuse_port) out, and let the error of bind end the program")
}

/// The first server greets everybody, and nobody twice with the same number.
fn numbers() -> Rule {
    Rule::new("numbers", "100 clients are greeted, each with a number of its own", |record| {
        match record.lines(CLIENT)[..].first() {
            Some(&ONCE) => Seen::Kept,
            Some(line) => Seen::Violated((*line).to_string()),
            None => Seen::Violated(format!("the client was not greeted{}", rules::last_words(record, CLIENT))),
        }
    })
}

fn after_a_client(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    rules::guest(stage, 4)?.receive_all(100);
    rules::again(stage, SECOND)?;
    who_listens(stage)?;
    asks(stage)
}

fn a_third(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let second = rules::again(stage, SECOND)?;
    if stage.record(|record| record.exit(second).is_some()) {
        rules::again(stage, rules::third(Role::Server))?;
    }
    who_listens(stage)?;
    asks(stage)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    rules::again(stage, SECOND)?;
    who_listens(stage)?;
    asks(stage)
}

fn who_listens(stage: &mut Stage) -> anyhow::Result<()> {
    let second = SECOND;
    let listening = stage.sockets().unwrap_or_default();
    match listening.iter().filter(|socket| socket.state == State::Listen).count() {
        1 => stage.fact(second, "one socket listens at this address"),
        2 => stage.fact(second, TWO),
        number => return Err(Void(format!("{number} sockets listen, instead of one or two")).into()),
    }
    Ok(())
}

fn asks(stage: &mut Stage) -> anyhow::Result<()> {
    let client = stage.client(&[])?;
    stage.ends(client)
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT);
    let shared = record.exit(SECOND).is_none();
    if shared && heard == [TWICE] {
        Finding::Broke("two servers share the address unnoticed, and each greeted somebody as number 1".to_string())
    } else if in_use(record, SECOND) && heard == [ONCE] {
        Finding::Held(
            "the second server was refused although it set SO_REUSEADDR; the first served everybody".to_string(),
        )
    } else if in_use(record, SECOND) {
        Finding::Other(
            "the second server was refused, but the first did not number its clients: hi 1, hi 2".to_string(),
        )
    } else {
        Finding::Other("the second server ended, but not because of the address".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    if in_use(record, SECOND) && record.lines(CLIENT) == ["hi"] {
        Finding::Held("the second server was refused, and the first greeted the client".to_string())
    } else {
        Finding::Other("the second server was not refused, or the first did not greet the client".to_string())
    }
}
