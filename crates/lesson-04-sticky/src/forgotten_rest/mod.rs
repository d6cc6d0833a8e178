//! `forgotten-rest`: the relay hands two messages on together, each ended by its newline.

use lab::{Check, Experiment, Finding, Form, Misread, Record, Role, Side, Span, Way};

use crate::bigger_buffer_myth::peer;
use crate::finished;
use crate::joined::forms::{self, TOGETHER, cut_at};
use crate::joined::{ANSWER, INPUT, not_acknowledged, play};

#[expect(
    clippy::disallowed_methods,
    reason = "takes any part of the stream as it comes; what it does with the rest is the mistake"
)]
mod broken;
#[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes, and keeps the rest")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "forgotten-rest",
    question: "What came behind the newline?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    misread: Some(Misread::by_server("a read gives no more than the end of a line", without_the_rest)),
    wire: forms::WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge)),
    ..lab::EXPERIMENT
};

/// Reads up to a newline, in as many pieces as it takes, and throws away what came behind it.
fn without_the_rest(pieces: &[&[u8]]) -> Vec<Span> {
    let span = |length, name: &str| Span { length, name: name.to_string() };
    let mut spans = Vec::new();
    let mut kept = 0;
    for piece in pieces {
        match piece.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                spans.push(span(std::mem::take(&mut kept) + end + 1, "line"));
                spans.push(span(piece.len() - end - 1, "thrown away"));
            }
            None => kept += piece.len(),
        }
    }
    spans.push(span(kept, "no end of line"));
    spans.retain(|span| span.length > 0);
    spans
}

fn forms() -> Vec<Form> {
    vec![
        forms::messages("both messages in one piece", INPUT, TOGETHER),
        forms::messages("the rest is a part of a message, twice", &["one", "two", "three"], cut_at([6, 11])),
        forms::more_than_one_read(true),
        forms::leaves_inside_a_message(),
        forms::waits_for_each_answer(),
        forms::keeps_blanks(),
    ]
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("one read gave two messages; the second was kept until it was its turn".to_string())
    } else if answer == b"-----> hello\n" {
        Finding::Broke(
            "one read gave two messages; the second was thrown away, and nobody was told of an error".to_string(),
        )
    } else {
        not_acknowledged(&answer)
    }
}
