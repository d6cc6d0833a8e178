//! The finished program in the traps of the lesson: what all its rehearsals have in common.

use lab::{CLIENT, Exit, Finding, Record, Rehearsal, Span, Way, Who};

use super::wire::STAMP;

/// The time on every stamp of a rehearsal, so that its story is the same in every run.
const TIME: &str = "[Tue Feb  3 09:05:00 2026] ";

/// Both sides are the finished program, the client is typed `input`, and the server's clock stands still.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal {
        play: None,
        needs: &[],
        serve: &["--clock", "2026-02-03T09:05:00"],
        connect: &[],
        input,
        judge,
        dissect,
    }
}

/// Whether the client ended well and printed exactly these lines, each with one stamp before it.
pub(crate) fn printed(record: &Record, wanted: &[&str]) -> bool {
    printed_by(record, CLIENT, wanted)
}

/// As [`printed`], for a play with several clients.
pub(crate) fn printed_by(record: &Record, who: Who, wanted: &[&str]) -> bool {
    let lines = record.lines(who);
    let mut lines = lines.iter().map(|line| line.strip_prefix(TIME));
    wanted.iter().all(|line| lines.next() == Some(Some(*line)))
        && lines.next().is_none()
        && record.exit(who).is_some_and(Exit::is_success)
}

/// What came back, without the stamps before it.
pub(crate) fn unstamped(mut answers: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some((first, rest)) = answers.split_first() {
        match answers.strip_prefix(TIME.as_bytes()) {
            Some(after) => answers = after,
            None => {
                bytes.push(*first);
                answers = rest;
            }
        }
    }
    bytes
}

/// A verdict for those who only have to come through.
pub(crate) fn finding(holds: bool, how: &str) -> Finding {
    if holds {
        Finding::Held(how.to_string())
    } else {
        Finding::Other("the client did not get its lines back, each with the time before it".to_string())
    }
}

/// Names the bytes of answers: the stamps are all the same in a rehearsal.
fn dissect(way: Way, mut bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToServer {
        return lab::dissect_text(way, bytes);
    }
    let mut spans = Vec::new();
    while !bytes.is_empty() {
        let next =
            |from: usize| bytes[from..].windows(STAMP).position(|part| part == TIME.as_bytes()).map(|at| from + at);
        let (length, name) = match next(0) {
            Some(0) => (STAMP, "time"),
            Some(at) => (at, "what was sent"),
            None => (bytes.len(), "what was sent"),
        };
        spans.push(Span { length, name: name.to_string() });
        bytes = &bytes[length..];
    }
    spans
}
