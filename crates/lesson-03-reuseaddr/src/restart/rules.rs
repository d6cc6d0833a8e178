//! Rules that several experiments of this lesson share, and what the lab plays itself in them.

use std::time::Duration;

use lab::{Allowed, Attacker, CLIENT, Cast, Form, Record, Role, Rule, SERVER, Seen, Stage, Void, Way, What, Who, wire};

use super::{LATER, SECOND, is_up};

/// What every server that may be started again is told of its wire.
pub(crate) const WIRE: &[&str] = &[
    "-> \"hello!\", 6 bytes, in any pieces",
    "<- \"hi\", 2 bytes, and the end of the stream, within 5 s; the client reads to the end, so the server closes first",
    "the server may end then, or serve the next client; if it does not end, it is killed with its process group",
    "it is started again at the same address at once, and has to listen within 10 s and to greet the next client",
];

/// How long the lab's own clients wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Between two pieces of a hello.
const BETWEEN: Duration = Duration::from_millis(300);
/// What the socket table shows when a server has ended.
pub(crate) const TAKEN: &str = "a socket listens at the server's port";
/// How the fact begins that a server which was started again neither listens at its address nor ends.
const LATE: &str = "not at its address: ";

/// The third of its part.
pub(crate) const fn third(role: Role) -> Who {
    Who { role, number: 3 }
}

/// A client that the lab plays itself: it says hello and waits for so many bytes.
pub(crate) fn guest(stage: &mut Stage, greeting: usize) -> anyhow::Result<Attacker> {
    let mut guest = stage.attacker()?;
    guest.patience(PATIENCE)?;
    guest.send(b"hello!");
    guest.receive(greeting);
    Ok(guest)
}

/// This client, which reads to the end of the stream, has got `hi`.
pub(crate) fn greeted(who: Who) -> Rule {
    Rule::new("served", format!("{who} is greeted with \"hi\""), move |record| {
        let waits =
            format!("the {who} waits for the end of its greeting, and your server does not close the connection");
        match (record.lines(who)[..].first(), record.exit(who), record.hung(who)) {
            (Some(&"hi"), ..) => Seen::Kept,
            (Some(&""), ..) => Seen::Violated(format!("the {who} got the end of the stream and no greeting")),
            (Some(line), ..) => Seen::Violated(format!("the {who} got {line:?}; expected: \"hi\"")),
            (None, _, Some(_)) => Seen::Violated(waits),
            (None, Some(exit), _) => Seen::Violated(format!("the {who} {exit}{}", last_words(record, who))),
            (None, None, None) => Seen::Unknown(format!("it did not come to the {who}")),
        }
    })
    .hint("read \"hello!\", send \"hi\" and close the connection")
}

/// This server, which was started at the address of the first, listened, so that this client came to it.
pub(crate) fn starts_again(who: Who, client: Who) -> Rule {
    Rule::new("starts-again", format!("{who} can listen at the address of the one before it"), move |record| {
        match record.exit(who) {
            // What keeps the address is no connection.
            _ if record.kernel().contains(&TAKEN) => Seen::Kept,
            Some(exit) if !came(record, client) => Seen::Violated(format!(
                "the server cannot start again at its address: your {who} {exit}{}",
                last_words(record, who)
            )),
            _ => late(record, who).map_or(Seen::Kept, |why| {
                Seen::Violated(format!("the server cannot start again at its address: {why}"))
            }),
        }
    })
    .hint("set SO_REUSEADDR on the listening socket, before bind")
}

/// Starts the server of this number at the address of the first. That one of your own neither listens there nor ends is a
/// fact on the record.
pub(crate) fn again(stage: &mut Stage, who: Who) -> anyhow::Result<Who> {
    match stage.server_again() {
        Err(error) if matches!(stage.cast(), Cast::Yours(_)) && error.downcast_ref::<Void>().is_none() => {
            stage.fact(who, format!("{LATE}{error:#}"));
            Ok(who)
        }
        outcome => outcome,
    }
}

/// Why this server, which was started again, is not at its address although it has not ended, if so.
pub(crate) fn late(record: &Record, who: Who) -> Option<&str> {
    record.events.iter().filter(|event| event.who == who).find_map(|event| match &event.what {
        What::Kernel(fact) => fact.strip_prefix(LATE),
        _ => None,
    })
}

/// Puts on the record that somebody listens at the address although this server has ended.
pub(crate) fn who_still_listens(stage: &Stage, server: Who) {
    if stage.still_listens() {
        stage.fact(server, TAKEN);
    }
}

/// Nothing that a server has started listens when it has ended.
pub(crate) fn nobody_listens() -> Rule {
    Rule::new("nobody-listens", "nobody listens at the address when the server has ended", |record| {
        Seen::kept_if(
            !record.kernel().contains(&TAKEN),
            "your server has ended, and a socket still listens at its address: a process that it started has it",
        )
    })
    .hint("end the child processes before the server ends, or close the listener in them")
}

/// Whether this client was started.
pub(crate) fn came(record: &Record, client: Who) -> bool {
    record.events.iter().any(|event| event.who == client)
}

/// The last line of an actor's standard error, as a clause.
pub(crate) fn last_words(record: &Record, who: Who) -> String {
    let said = record.complaints(who).into_iter().rev().find(|line| !line.trim().is_empty());
    said.map(|line| format!(": {}", line.trim())).unwrap_or_default()
}

/// Servers that end are right here, or are told of by a rule of their own.
pub(crate) fn servers_may_end(form: Form) -> Form {
    (1..=3).fold(form, |form, number| form.allow(Allowed::Ends(Who { number, ..SERVER })))
}

/// The rules of a server that is started again: a first client before it, a second one after it.
pub(crate) fn started_again(form: Form) -> Form {
    let form = servers_may_end(form).rule(greeted(CLIENT)).rule(nobody_listens());
    form.rule(starts_again(SECOND, LATER)).rule(greeted(LATER))
}

/// The forms that follow the chapter's.
pub(crate) fn more_forms() -> Vec<Form> {
    let connected = Form::new("killed while a client is connected, which stays", killed_while_connected);
    let connected = connected.rule(hi(1)).rule(nobody_listens());
    let twice = started_again(Form::new("started again twice", twice));
    vec![
        servers_may_end(connected).rule(starts_again(SECOND, CLIENT)).rule(greeted(CLIENT)),
        twice.rule(starts_again(third(Role::Server), third(Role::Client))).rule(greeted(third(Role::Client))),
        servers_may_end(in_pieces(hi(1))),
    ]
}

/// A client whose hello comes in two pieces; `greeted` says what it gets.
pub(crate) fn in_pieces(greeted: Rule) -> Form {
    let whole = wire::not_before(1, 6, "the hello");
    let rule = Rule::new(greeted.name, greeted.requires.clone(), move |record| match whole.look(record) {
        Seen::Kept => greeted.look(record),
        early => early,
    });
    let hint = "one read may give a part of the hello: read until all 6 bytes are there, and answer then";
    Form::new("the hello in two pieces", hello_in_pieces).rule(rule.hint(hint))
}

fn hello_in_pieces(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut guest = stage.attacker()?;
    guest.send(b"hel");
    // Nothing has to come yet.
    guest.patience(BETWEEN)?;
    guest.receive(1);
    guest.patience(PATIENCE)?;
    guest.send(b"lo!");
    guest.receive(2);
    guest.half_close();
    guest.receive_all(100);
    Ok(())
}

fn killed_while_connected(stage: &mut Stage) -> anyhow::Result<()> {
    stage.orphans();
    stage.server()?;
    let guest = guest(stage, 2)?;
    stage.step(guest.who(), "is a client that stays connected");
    stage.settle()?;
    if is_up(stage, SERVER) {
        stage.kill_group(SERVER)?;
    }
    stage.keep(guest);
    who_still_listens(stage, SERVER);
    let second = again(stage, SECOND)?;
    if is_up(stage, second) {
        stage.client(&[])?;
        stage.ends(CLIENT)?;
    }
    Ok(())
}

fn twice(stage: &mut Stage) -> anyhow::Result<()> {
    stage.orphans();
    stage.server()?;
    if !super::greet_and_end(stage, CLIENT, SERVER)? {
        return Ok(());
    }
    let second = again(stage, SECOND)?;
    if !is_up(stage, second) || !super::greet_and_end(stage, LATER, second)? {
        return Ok(());
    }
    let third = again(stage, third(Role::Server))?;
    if is_up(stage, third) {
        let client = stage.client(&[])?;
        stage.ends(client)?;
    }
    Ok(())
}

/// The number that stands before this text in a fact.
pub(crate) fn number_before(fact: &str, text: &str) -> Option<usize> {
    fact.split_once(text)?.0.split_whitespace().next_back()?.parse().ok()
}

/// A client that the lab plays itself is greeted.
pub(crate) fn hi(connection: usize) -> Rule {
    Rule::new("served", "the client is greeted with \"hi\"", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        Seen::kept_if(came == b"hi", format!("the greeting is {}; expected: \"hi\"", wire::quoted(&came)))
    })
}

/// The greeting of a client that the lab plays itself begins like this.
pub(crate) fn starts_with(connection: usize, beginning: &'static [u8]) -> Rule {
    Rule::new("served", format!("the greeting begins with {}", wire::quoted(beginning)), move |record| {
        let came = record.bytes(connection, Way::ToClient);
        let text = format!("the greeting is {}; expected: {}...", wire::quoted(&came), wire::quoted(beginning));
        Seen::kept_if(came.starts_with(beginning), text)
    })
}
