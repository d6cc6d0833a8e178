//! What the lab itself recorded counts in every form, unless the form says that it is right there.

use crate::record::{Exit, Hang, Record, Role, Way, What, Who};
use crate::rules::{Allowed, Rule, Seen};

/// The rules for a program of one's own on this side: those that explain what comes after them, and those that are told
/// only where nothing else is.
pub(super) fn rules(side: Role, allowed: &[Allowed]) -> [Vec<Rule>; 2] {
    let allowed = allowed.to_vec();
    let rule = |name, requires: &str, look: fn(Role, &[Allowed], &Record) -> Option<String>| {
        let allowed = allowed.clone();
        Rule::new(name, requires, move |record| match look(side, &allowed, record) {
            Some(seen) => Seen::Violated(seen),
            None => Seen::Kept,
        })
    };
    let ends = if side == Role::Server { "nobody is left waiting" } else { "your client ends" };
    [
        vec![
            rule("crash", "", crashed),
            rule("server-lives", "", server_ended),
            rule("spin", "", spins).hint(
                "an empty read is the end of the stream, and an error is the end of the connection: leave the loop; EAGAIN \
                 (BlockingIOError) says that there is nothing to do yet: wait in select, poll or a blocking call",
            ),
        ],
        vec![
            rule("status", "", failed),
            rule("hang", ends, hangs),
            rule("open-stream", "", left_open)
                .hint("close the connection when a read gives nothing more, and everything that keeps it open"),
            rule("endless-output", "", prints),
        ],
    ]
}

fn actors(record: &Record) -> Vec<Who> {
    let mut actors: Vec<Who> = record.events.iter().map(|event| event.who).collect();
    actors.sort_unstable();
    actors.dedup();
    actors
}

fn of(side: Role, record: &Record) -> impl Iterator<Item = Who> {
    actors(record).into_iter().filter(move |who| who.role == side)
}

/// What an actor complained of last, as a clause to put after what it did: the last line of its standard error that is no
/// call of a trace and nothing that a runtime adds.
fn last_words(record: &Record, who: Who) -> String {
    let added = |line: &str| {
        line.starts_with([' ', '\t', '}'])
            || line.starts_with("Node.js v")
            || line.starts_with("note: run with `RUST_BACKTRACE")
    };
    let complaints = record.complaints(who);
    let mut said = complaints.iter().rev().filter(|line| !line.trim().is_empty());
    let told = said.clone().find(|line| !added(line)).or_else(|| said.next());
    told.map(|line| format!(": {}", line.trim())).unwrap_or_default()
}

fn crashed(side: Role, _: &[Allowed], record: &Record) -> Option<String> {
    of(side, record).find_map(|who| match record.exit(who) {
        Some(exit @ Exit::Signal(_)) => Some(format!("your {who} {exit}{}", last_words(record, who))),
        _ => None,
    })
}

/// A server that the play did not ask to end.
fn server_ended(side: Role, allowed: &[Allowed], record: &Record) -> Option<String> {
    if side != Role::Server {
        return None;
    }
    of(side, record).find_map(|who| match record.exit(who) {
        Some(exit @ Exit::Status(_)) if !allowed.contains(&Allowed::Ends(who)) => {
            Some(format!("your {who} {exit}, and nobody is served any more{}", last_words(record, who)))
        }
        _ => None,
    })
}

fn spins(side: Role, _: &[Allowed], record: &Record) -> Option<String> {
    let who = of(side, record).find(|who| record.hung(*who) == Some(Hang::Spinning))?;
    Some(format!("your {who} keeps a processor busy and does nothing with it"))
}

fn failed(side: Role, allowed: &[Allowed], record: &Record) -> Option<String> {
    of(Role::Client, record).find_map(|who| match record.exit(who) {
        Some(exit) if !exit.is_success() && !allowed.contains(&Allowed::Fails(who)) => {
            let whose = if side == Role::Client { "your " } else { "the " };
            Some(format!("{whose}{who} {exit}{}", last_words(record, who)))
        }
        _ => None,
    })
}

fn hangs(side: Role, allowed: &[Allowed], record: &Record) -> Option<String> {
    let stuck = |who: &Who| record.hung(*who).is_some_and(|hang| hang != Hang::Spinning);
    let who = actors(record).into_iter().find(|who| stuck(who) && !allowed.contains(&Allowed::Hangs(*who)))?;
    let whose = if side == who.role { "your " } else { "the " };
    if record.hung(who) == Some(Hang::Endless) {
        return Some(format!("{whose}{who} keeps sending, far more than this play asks for"));
    }
    if record.hung(who) == Some(Hang::Late) {
        return Some(format!("{whose}{who} has not come to its end in time"));
    }
    if side == who.role {
        return Some(format!("your {who} waits forever for something that does not come"));
    }
    let mine = (1..=record.connections()).find(|connection| record.caller(*connection) == who);
    let [ended, answered] = [
        mine.is_some_and(|connection| record.fin(connection, Way::ToServer)),
        mine.is_some_and(|connection| !record.bytes(connection, Way::ToClient).is_empty()),
    ];
    Some(match (side, ended, answered) {
        (Role::Server, true, true) => {
            format!("the {who} has ended its stream and waits for the end of your server's, which does not come")
        }
        (Role::Server, true, false) => {
            format!("the {who} has ended its stream and waits: your server neither answers nor closes")
        }
        (Role::Server, false, true) => format!("the {who} waits for the rest of your server's answer"),
        (Role::Server, false, false) => format!("the {who} waits: your server neither answers nor closes"),
        _ => format!("the {who} waits forever"),
    })
}

/// A stream that the peer has ended, and that this side never ends.
fn left_open(side: Role, allowed: &[Allowed], record: &Record) -> Option<String> {
    if side != Role::Server || allowed.contains(&Allowed::OpenStreams) {
        return None;
    }
    let over = |connection: &usize| {
        let over = |what: &What| matches!(what, What::Fin { way: Way::ToClient } | What::Rst { .. } | What::Refused);
        record.on(*connection).any(|event| over(&event.what))
    };
    let streams = (1..=record.connections()).filter(|connection| !record.carries_datagrams(*connection));
    let left = streams
        .filter(|connection| record.caller(*connection).role == Role::Client)
        .find(|connection| record.fin(*connection, Way::ToServer) && !over(connection));
    if let Some(connection) = left {
        let caller = record.caller(connection);
        return Some(format!("the {caller} has ended its stream, and your server never ends its own"));
    }
    record.events.iter().find_map(|event| match &event.what {
        What::LeftOpen(number) if *number == 1 => {
            Some("your server keeps a connection open that its peer has ended".to_string())
        }
        What::LeftOpen(number) => {
            Some(format!("your server keeps {number} connections open that their peers have ended"))
        }
        _ => None,
    })
}

fn prints(side: Role, allowed: &[Allowed], record: &Record) -> Option<String> {
    let who = of(side, record).find(|who| record.prints_on(*who) && !allowed.contains(&Allowed::Prints(*who)))?;
    Some(match record.exit(who) {
        Some(_) => format!("your {who} printed more than 10000 lines"),
        None => format!("your {who} prints without end"),
    })
}
