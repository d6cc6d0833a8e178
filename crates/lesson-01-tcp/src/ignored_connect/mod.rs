//! `ignored-connect`: the server has gone when the client connects.

use std::time::Duration;

use lab::{
    Allowed, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Seen, Side,
    Stage,
};

use crate::finished;
use crate::forms::kept_if;

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ignored-connect",
    question: "Why does sending fail, when it is the server that is not there?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: HELLO,
    forms: |_| forms(),
    finished: Some(Rehearsal { connect: &["--give-up", "0.3"], ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

/// What clients that say hello are told of their wire.
pub(crate) const HELLO: &[&str] = &[
    "-> `hello`, 5 bytes, as soon as there is a connection",
    "<- the same 5 bytes; the client prints them as a line, and ends with status 0",
    "no connection, or no answer within 2 s (5 s at the latest): it says why on standard error, and ends with an error status",
    "the client may print `connected`, but only when it is",
];

fn forms() -> Vec<Form> {
    vec![
        Form::new("the server has gone", play)
            .rule(not_connected())
            .rule(fails())
            .rule(reason())
            .allow(Allowed::Fails(CLIENT)),
        served(),
    ]
}

/// With a server that answers, the client gets its answer.
pub(crate) fn served() -> Form {
    Form::relayed("a server that answers", [], &[]).rule(Rule::new(
        "served",
        "from a server that answers the client gets its answer",
        |record| {
            let printed = record.lines(CLIENT).iter().any(|line| line.contains("hello"));
            match record.exit(CLIENT) {
                Some(Exit::Status(0)) if printed => Seen::Kept,
                Some(Exit::Status(0)) => {
                    Seen::Violated("the server answered, and the client did not print the answer".to_string())
                }
                Some(exit) => Seen::Violated(format!("there is a server that answers, and the client {exit}")),
                None => Seen::Violated("there is a server that answers, and the client does not end".to_string()),
            }
        },
    ))
}

/// What most clients that go on without a connection have to do.
const LOOK: &str = "look at what connect says (its exception, its result, for a non-blocking socket SO_ERROR), and end there, \
                    with that error and an error status";

fn not_connected() -> Rule {
    Rule::new("not-connected", "the client does not believe that it is connected", |record| {
        let says = record.lines(CLIENT).into_iter().find(|line| line.to_lowercase().starts_with("connected"));
        kept_if(says.is_none(), || "the client said that it was connected, and there was no server".to_string())
    })
    .hint(LOOK)
}

fn fails() -> Rule {
    Rule::new("fails", "the client ends with an error status", |record| match record.exit(CLIENT) {
        Some(exit) if exit.is_success() => Seen::Violated(
            "the client ended with status 0, as if all had gone well, and there was no server".to_string(),
        ),
        Some(_) => Seen::Kept,
        None => Seen::Violated("the client does not end, and there is no server".to_string()),
    })
    .hint(LOOK)
}

/// What calls say that come after a connect that failed, in Unix, Python, Node and Java.
const LATER: [&str; 7] =
    ["broken pipe", "epipe", "not connected", "enotconn", "closed", "reset by peer", "bad file descriptor"];

fn reason() -> Rule {
    Rule::new("reason", "the client says that it was refused", |record| {
        if !matches!(record.exit(CLIENT), Some(Exit::Status(1..))) {
            return Seen::Kept; // another rule says what is wrong
        }
        let said = record.complaints(CLIENT).join("\n").to_lowercase();
        let says_any = |words: &[&str]| words.iter().any(|words| said.contains(words));
        if says_any(&["refused", "connect call failed"]) {
            Seen::Kept
        } else if said.trim().is_empty() {
            Seen::Violated("the client ended with an error status and did not say why".to_string())
        } else if says_any(&LATER) {
            let last = record.complaints(CLIENT).last().map_or(String::new(), |line| line.trim().to_string());
            Seen::Violated(format!("the client went on without a connection, and a later call failed: {last}"))
        } else if says_any(&["connect", "reach"]) {
            Seen::Kept // in words of its own
        } else {
            let why = "your client failed, and its words do not tell whether it was connect that failed: print what connect says";
            Seen::Unknown(why.to_string())
        }
    })
    .hint(LOOK)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() == Cast::Finished {
        // It tries again for a while.
        stage.patience(Duration::from_millis(500));
    }
    stage.server()?;
    stage.kill(SERVER)?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    // Every system and every language says "refused" of a connect that nobody accepts.
    let refused = record.complaints(CLIENT).iter().any(|line| line.to_lowercase().contains("refused"));
    match record.exit(CLIENT) {
        Some(exit) if exit.is_success() => {
            Finding::Broke("the client ended as if all was well, and there was no server".to_string())
        }
        Some(_) if refused => Finding::Held("the client ended where it was refused, and said so".to_string()),
        Some(_) => Finding::Broke(
            "the client went on without a connection, and a later call failed with an error that says nothing of it"
                .to_string(),
        ),
        None => Finding::Broke("the client does not end, and there is no server".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    // Windows itself tries again for longer than this client does, so there it ends without an answer.
    let said = |line: &&str| line.contains("nobody listens on") || line.contains("no answer from");
    let said = record.complaints(CLIENT).last().is_some_and(said);
    if said && record.lines(CLIENT).is_empty() && record.exit(CLIENT).is_some_and(|exit| !exit.is_success()) {
        Finding::Held("the client tried until its time was up, sent nothing, and said that nobody listens".to_string())
    } else {
        Finding::Other("the client did not end with an error that names the server".to_string())
    }
}
