//! The bytes of each stream, piece by piece: how far it is told, and what the experiment calls its bytes.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::lesson::dissect::Span;
use crate::lesson::experiment::Experiment;
use crate::record::{Record, Way};
use crate::story::bytes::{count, readable};
use crate::story::page::cut;

/// Rows of hexadecimal that are shown of one piece.
const ROWS: usize = 24;

/// Bytes of a stream with one name, or a part of them: the first, the one behind the last, and the name.
pub(super) type Part = (usize, usize, String);

/// How far each direction of each connection is told. Every piece is handed in once and in order, so that all of them
/// together cost one walk over the stream.
pub(super) struct Streams<'a> {
    experiment: &'a Experiment,
    record: &'a Record,
    told: HashMap<(usize, Way), Told>,
}

/// One direction of a connection.
struct Told {
    spans: Vec<Span>,
    /// Bytes told so far.
    offset: usize,
    /// The span in which the next byte is, and where that begins.
    span: usize,
    begins: usize,
}

/// One piece of a stream.
pub(super) struct Piece {
    /// How many bytes of the stream come before it.
    pub(super) start: usize,
    /// What its bytes are.
    pub(super) parts: Vec<Part>,
}

impl<'a> Streams<'a> {
    pub(super) fn new(experiment: &'a Experiment, record: &'a Record) -> Streams<'a> {
        Streams { experiment, record, told: HashMap::new() }
    }

    /// The next `total` bytes of this stream, of which the first `kept` are on the record.
    pub(super) fn next(&mut self, connection: usize, way: Way, kept: usize, total: usize) -> Piece {
        let (experiment, record) = (self.experiment, self.record);
        let told = self.told.entry((connection, way)).or_insert_with(|| Told {
            spans: experiment.dissect(record.cast)(way, &record.bytes(connection, way)),
            offset: 0,
            span: 0,
            begins: 0,
        });
        let start = told.offset;
        told.offset += total;
        while let Some(span) = told.spans.get(told.span)
            && told.begins + span.length <= start
        {
            told.begins += span.length;
            told.span += 1;
        }
        Piece { start, parts: within(&told.spans[told.span..], told.begins, start, start + kept) }
    }

    /// What the bytes of one datagram are.
    pub(super) fn datagram(&self, way: Way, bytes: &[u8]) -> Piece {
        let spans = self.experiment.dissect(self.record.cast)(way, bytes);
        Piece { start: 0, parts: within(&spans, 0, 0, bytes.len()) }
    }
}

impl Piece {
    /// The bytes in one line: those that vary from run to run by their name, the others as they are.
    pub(super) fn named(&self, varying: &[&str], bytes: &[u8], total: usize) -> String {
        /// So many names and runs of bytes are told.
        const MOST: usize = 6;
        let varies = |part: &Part| {
            varying.iter().any(|varying| {
                part.2.strip_prefix(varying).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
            })
        };
        if !self.parts.iter().any(varies) {
            return readable(bytes, total);
        }
        let mut words = Vec::new();
        for run in self.parts.chunk_by(|one, next| !varies(one) && !varies(next)) {
            let (from, to) = (run[0].0, run[run.len() - 1].1);
            words.push(if varies(&run[0]) {
                run[0].2.clone()
            } else {
                readable(&bytes[from - self.start..to - self.start], to - from)
            });
        }
        let more = if words.len() > MOST { ", ..." } else { "" };
        words.truncate(MOST);
        format!("{}{more}", words.join(", "))
    }

    /// The bytes in rows of so many: offset, hexadecimal, text and name, cut at so many columns.
    pub(super) fn hexadecimal(
        &self,
        text: &mut String,
        bytes: &[u8],
        total: usize,
        (row_length, columns): (usize, usize),
    ) {
        let (mut rows, start) = (0, self.start);
        for (from, to, name) in &self.parts {
            for row in (*from..*to).step_by(row_length) {
                if rows == ROWS {
                    let left = count(start + total - row, "byte");
                    let _ = writeln!(text, "          ... {left} more");
                    return;
                }
                rows += 1;
                let piece = &bytes[row - start..(row + row_length).min(*to) - start];
                let hex: Vec<String> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
                let shown: String = piece.iter().map(|b| if b.is_ascii_graphic() { *b as char } else { '.' }).collect();
                let name = if row == *from { name.as_str() } else { "" };
                let (hex, wide) = (hex.join(" "), row_length * 3 - 1);
                let line = format!("      {row:04x}  {hex:<wide$}  {shown:<row_length$}  {name}");
                let _ = writeln!(text, "{}", cut(line.trim_end(), columns));
            }
        }
    }
}

/// The parts of the spans, of which the first begins at `at`, that lie between two offsets, with a note where only a part
/// of one does.
pub(super) fn within(spans: &[Span], mut at: usize, start: usize, end: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    for span in spans {
        if at >= end {
            break;
        }
        let (from, to) = (at.max(start), (at + span.length).min(end));
        if from < to {
            let part = to - from;
            let name = if part == span.length {
                span.name.clone()
            } else {
                format!("{} ({part} of {})", span.name, span.length)
            };
            parts.push((from, to, name));
        }
        at += span.length;
    }
    if at.max(start) < end {
        parts.push((at.max(start), end, String::new()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::lesson::experiment::EXPERIMENT;
    use crate::record::recorder::Recorder;
    use crate::record::{CLIENT, Cast, SERVER, What};

    thread_local!(static DISSECTED: Cell<usize> = const { Cell::new(0) });

    fn in_threes(_: Way, bytes: &[u8]) -> Vec<Span> {
        DISSECTED.with(|times| times.set(times.get() + 1));
        bytes.chunks(3).enumerate().map(|(at, chunk)| Span { length: chunk.len(), name: format!("{at}") }).collect()
    }

    static IN_THREES: Experiment = Experiment { dissect: in_threes, ..EXPERIMENT };

    #[test]
    fn a_stream_is_dissected_once_however_many_pieces_are_told_of_it() {
        let recorder = Recorder::new(Cast::Fixed);
        let connection = recorder.connection(CLIENT, SERVER);
        for _ in 0..1000 {
            recorder.add_bytes(CLIENT, connection, Way::ToServer, b"12345");
            recorder.add_gate(CLIENT, connection, Way::ToServer);
        }
        let record = recorder.curtain();
        let mut streams = Streams::new(&IN_THREES, &record);
        let mut named = String::new();
        for event in &record.events {
            if let What::Bytes { way, bytes, total } = &event.what {
                for (from, to, name) in streams.next(connection, *way, bytes.len(), *total).parts {
                    named += &format!("{from}-{to} {name}\n");
                }
            }
        }
        assert_eq!(DISSECTED.with(Cell::get), 1);
        assert!(named.starts_with("0-3 0\n3-5 1 (2 of 3)\n5-6 1 (1 of 3)\n6-9 2\n9-10 3 (1 of 3)\n"), "{named}");
        assert!(named.ends_with("4998-5000 1666\n"), "{named}");
    }

    #[test]
    fn what_no_span_covers_has_no_name() {
        let spans = [Span { length: 2, name: "a".to_string() }];
        let parts = [(1, 2, "a (1 of 2)".to_string()), (2, 4, String::new())];
        assert_eq!(within(&spans, 0, 1, 4), parts);
        assert_eq!(within(&spans, 0, 3, 4), [(3, 4, String::new())]);
    }
}
