//! The finished program in the traps of the lesson: what its rehearsals have in common.

use lab::{CLIENT, Exit, Finding, Record, Rehearsal, SERVER, Span, Way};

use super::stamp::{STAMP, is_stamped};

/// Both sides are the finished program, the clock of its server stands still, and its client asks again soon.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal {
        play: None,
        needs: &[],
        serve: &["--clock", "Thu Nov 20 23:47:00 2025"],
        connect: &["--timeout", "0.2"],
        input,
        judge,
        dissect,
    }
}

/// Whether the client printed exactly these lines, each behind a time stamp.
pub(crate) fn answered(record: &Record, wanted: &[&str]) -> bool {
    let line = |line: &&str| is_stamped(line.as_bytes()).then(|| line.split_at(STAMP).1.to_string());
    let printed: Option<Vec<String>> = record.lines(CLIENT).iter().map(line).collect();
    printed.is_some_and(|printed| printed == wanted)
}

/// The same, and that it ended well and the server lives.
pub(crate) fn printed(record: &Record, wanted: &[&str]) -> bool {
    answered(record, wanted) && record.exit(CLIENT).is_some_and(Exit::is_success) && record.exit(SERVER).is_none()
}

/// A verdict for those who only have to come through.
pub(crate) fn finding(holds: bool, how: &str) -> Finding {
    if holds {
        Finding::Held(how.to_string())
    } else {
        Finding::Other("the lines did not come back, each behind a time stamp".to_string())
    }
}

/// Names the bytes of one datagram.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let part = |length, name: &str| Span { length, name: name.to_string() };
    if way == Way::ToClient && is_stamped(bytes) {
        vec![part(STAMP, "time stamp"), part(bytes.len() - STAMP, "the request")]
    } else {
        vec![part(bytes.len(), "a request")]
    }
}
