//! `too-big`: of two lines one is as long as a datagram can be, and one is a byte longer.

use lab::{Allowed, CLIENT, Check, Exit, Experiment, Fates, Finding, Form, Record, Role, Rule, Seen, Side, Stage, Way};

use crate::finished;
use crate::rules::{LARGEST, brief, count, datagrams, end};

mod broken;
mod fixed;
mod peer;

/// A byte more than that.
static LONG: [u8; LARGEST + 1] = [b'.'; LARGEST + 1];
const INPUT: &[&str] = &["hello", dots(LONG.split_at(LARGEST).0), dots(&LONG), "egg"];

const fn dots(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "too-big",
    question: "How much goes into one datagram?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> for each line of standard input one datagram: the line, without its newline",
        "<- for each datagram \"N bytes\", at once; print it, and then take the next line",
        "a datagram has at most 65,507 bytes: send a longer line in pieces that together are the line, each answered, or not at all",
        "you may refuse lines of more than 1,200 bytes; a line that was not sent: say so on standard error, or end with an error",
        "whatever comes of one line, the next ones are sent; end when the input has ended, with any status",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge_finished)),
    ..lab::EXPERIMENT
};

/// A line of at most so many bytes has to be sent.
const SHORT: usize = 1200;
/// One of at most so many bytes as one datagram.
const SHORTEST: usize = 500;

fn forms() -> Vec<Form> {
    let long = |letter: &str, length: usize| letter.repeat(length);
    let hello = INPUT.iter().map(ToString::to_string).collect();
    let first = vec![long("x", 70_000), "one".into(), long("y", 90_000), long("z", LARGEST + 1), "two".into()];
    let last = vec!["three".into(), long("x", SHORT), long("y", LARGEST + 2)];
    vec![
        sent("the largest datagram, and a byte more", hello),
        sent("long lines at the beginning, and two in a row", first),
        sent("a long line at the end", last),
    ]
}

fn sent(name: &str, lines: Vec<String>) -> Form {
    let typed = lines.clone();
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)
    });
    ruled(form, lines)
}

/// What arrived of a line.
#[derive(Clone, Copy, PartialEq)]
enum Arrived {
    /// All of it, as one datagram or in pieces.
    All,
    /// The first so many bytes.
    Part(usize),
    Nothing,
}

/// What arrived of each line; and the first datagram that belongs to none.
fn arrived(record: &Record, lines: &[String]) -> (Vec<Arrived>, Option<Vec<u8>>) {
    let sent = datagrams(record, CLIENT, Way::ToServer);
    let mut rest = sent.iter().peekable();
    let arrived = lines.iter().map(|line| {
        let (line, mut length) = (line.as_bytes(), 0);
        let least = if line.len() > SHORTEST { 1 } else { line.len() };
        while length < line.len()
            && rest
                .next_if(|piece| piece.len() >= least && line[length..].starts_with(piece))
                .map(|p| length += p.len())
                .is_some()
        {}
        match length {
            0 => Arrived::Nothing,
            length if length == line.len() => Arrived::All,
            length => Arrived::Part(length),
        }
    });
    let arrived = arrived.collect();
    (arrived, rest.next().cloned())
}

/// Whether every line arrived that has to.
fn short_lines_arrived(record: &Record, lines: &[String]) -> bool {
    let (arrived, _) = arrived(record, lines);
    lines.iter().zip(arrived).all(|(line, arrived)| line.len() > SHORT || arrived == Arrived::All)
}

fn ruled(form: Form, lines: Vec<String>) -> Form {
    let rule = |name, requires: &str, look: fn(&Record, &[String]) -> Option<String>| {
        let lines = lines.clone();
        Rule::new(name, requires, move |record| match look(record, &lines) {
            Some(seen) => Seen::Violated(seen),
            None => Seen::Kept,
        })
    };
    let hint = "a line that is longer than a datagram can be is an error of send (EMSGSIZE), not the end: say so, and take \
                the next line";
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Fails(CLIENT))
        .rule(
            rule("whole-or-not", "what is sent of a line is all of it", in_part)
                .hint("do not cut a line that is too long"),
        )
        .rule(rule("next-line", "the lines after one that is too long are sent", stopped).hint(hint))
        .rule(
            rule("prints", "the answer to each line is printed", printed)
                .hint("each datagram has an answer: receive as many"),
        )
        .rule(
            rule("says-so", "a line that was not sent is told", silent)
                .hint("whoever typed the line has to learn of it"),
        )
        .rule(rule("ends", "your client ends", never_ended))
}

fn in_part(record: &Record, lines: &[String]) -> Option<String> {
    let (arrived, other) = arrived(record, lines);
    let part = lines.iter().zip(arrived).find_map(|(line, arrived)| match arrived {
        Arrived::Part(length) => {
            Some(format!("of a line of {} your client sent the first {length}, and no more", count(line.len(), "byte")))
        }
        _ => None,
    });
    part.or_else(|| Some(format!("your client sent {}, which is not the next line", brief(&other?))))
}

fn stopped(record: &Record, lines: &[String]) -> Option<String> {
    let (arrived, other) = arrived(record, lines);
    if datagrams(record, CLIENT, Way::ToServer).is_empty() {
        return Some(format!("your client sent nothing: {}", end(record)));
    }
    let missing =
        lines.iter().zip(&arrived).find(|(line, arrived)| line.len() <= SHORT && **arrived == Arrived::Nothing);
    let (line, _) = missing.filter(|_| other.is_none())?;
    Some(format!("the line {} was never sent: {}", brief(line.as_bytes()), end(record)))
}

fn printed(record: &Record, lines: &[String]) -> Option<String> {
    let (arrived, _) = arrived(record, lines);
    let (all, short) = (record.lines(CLIENT), lines.iter().zip(arrived).filter(|(line, _)| line.len() <= SHORTEST));
    let mut printed = all.iter();
    for (line, _) in short.filter(|(_, arrived)| *arrived == Arrived::All) {
        let answer = format!("{} bytes", line.len());
        if !printed.any(|text| *text == answer || text.ends_with(&format!(" {answer}"))) {
            let all = if all.is_empty() { "nothing".to_string() } else { all.join(", ") };
            return Some(format!(
                "the line {} was answered: {answer}; your client printed: {all}",
                brief(line.as_bytes())
            ));
        }
    }
    None
}

fn silent(record: &Record, lines: &[String]) -> Option<String> {
    let (arrived, _) = arrived(record, lines);
    let unsent = lines.iter().zip(arrived).find(|(_, arrived)| *arrived == Arrived::Nothing)?.0;
    let told =
        !record.complaints(CLIENT).is_empty() || record.lines(CLIENT).iter().any(|text| !text.ends_with(" bytes"));
    let well = record.exit(CLIENT).is_some_and(Exit::is_success);
    (well && !told).then(|| {
        format!(
            "a line of {} was not sent, and your client said nothing and ended with status 0",
            count(unsent.len(), "byte")
        )
    })
}

fn never_ended(record: &Record, lines: &[String]) -> Option<String> {
    let done = short_lines_arrived(record, lines) && printed(record, lines).is_none();
    (done && record.exit(CLIENT).is_none()).then(|| "its input had ended, and your client went on waiting".to_string())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let sent = record.datagrams(1, Way::ToServer);
    let ended_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    let texts: Vec<&[u8]> = sent.iter().map(Vec::as_slice).collect();
    match texts[..] {
        [b"hello", .., b"egg"] if ended_well => Finding::Held(
            "a line that is too long for a datagram did not stop the client: the next one was sent".to_string(),
        ),
        [b"hello", long] if !ended_well && long == INPUT[1].as_bytes() => Finding::Broke(
            "the largest datagram was sent, one byte more was an error, and the client ended before its last line"
                .to_string(),
        ),
        [b"hello", .., b"egg"] => Finding::Other("the client sent its last line and did not end well".to_string()),
        [b"hello", ..] => {
            Finding::Other("the client did not send its last line, \"egg\", as a datagram of its own".to_string())
        }
        _ => Finding::Other("the client did not send its first line, \"hello\", as a datagram of its own".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let sent = record.datagrams(1, Way::ToServer);
    let said = record.complaints(CLIENT).len() == 2;
    if sent == [b"hello".to_vec(), b"egg".to_vec()] && said && record.exit(CLIENT) == Some(Exit::Status(1)) {
        Finding::Held("the client said which lines are too long, and asked for the others".to_string())
    } else {
        Finding::Other("the client did not say that two of four lines are too long".to_string())
    }
}
