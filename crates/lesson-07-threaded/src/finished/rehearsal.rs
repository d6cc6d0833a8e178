//! The finished program in the traps of the lesson: what all its rehearsals have in common.

use lab::{CLIENT, Exit, Finding, Record, Rehearsal, Who};

use super::wire::GREETING;
use crate::wire::dissect;

/// Both sides are the finished program, a thread for each client, and the client is typed `input`.
///
/// For other arguments of the server, such as `--lines`: `Rehearsal { serve: &["--lines"], ..rehearsal(..) }`.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal { play: None, needs: &[], serve: &[], connect: &[], input, judge, dissect }
}

/// Whether the client ended well and printed the greeting and exactly these answers.
pub(crate) fn printed(record: &Record, answers: &[&str]) -> bool {
    printed_by(record, CLIENT, answers)
}

/// As [`printed`], for a play with several clients.
pub(crate) fn printed_by(record: &Record, who: Who, answers: &[&str]) -> bool {
    record.lines(who).iter().map(|line| &line[..]).eq([GREETING].iter().chain(answers).copied())
        && record.exit(who).is_some_and(Exit::is_success)
}

/// A verdict for those who only have to come through.
pub(crate) fn finding(holds: bool, how: &str) -> Finding {
    if holds {
        Finding::Held(how.to_string())
    } else {
        Finding::Other("the client did not get the greeting and one answer for each of its commands".to_string())
    }
}
