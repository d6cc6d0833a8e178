//! The finished program in the traps of the lesson: what all its rehearsals have in common.

use common::framing::{Decoder, HEADER, json::Fields};
use lab::{Finding, Need, Record, Rehearsal, Span, Way};

use super::wire::{Header, MOST_HEADER};

/// Both sides are the finished program, the client is typed `input`, and its ids are the same in every run.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal {
        needs: &[Need::Unix("elsewhere `echo` and `printf` are no programs of their own")],
        serve: &[],
        connect: &["--id", "table7"],
        input,
        judge,
        dissect,
    }
}

/// The output of every command whose reply came whole and with status 0, in order; empty frames do not count. `None` if
/// there is anything else among the replies.
pub(crate) fn outputs(record: &Record, connection: usize) -> Option<Vec<String>> {
    let bytes = record.bytes(connection, Way::ToClient);
    let mut rest = &bytes[..];
    let mut outputs = Vec::new();
    while !rest.is_empty() {
        let (frame, header) = first(rest)?;
        rest = &rest[frame..];
        match header {
            None => {}
            Some(Header::Done { end: super::wire::End::Status(0), stdout, stderr: 0, .. }) => {
                let output = rest.get(..usize::try_from(stdout).ok()?)?;
                outputs.push(String::from_utf8(output.to_vec()).ok()?);
                rest = &rest[output.len()..];
            }
            Some(_) => return None,
        }
    }
    Some(outputs)
}

/// The size of the frame that these bytes begin with and the header in it, if there is any.
fn first(bytes: &[u8]) -> Option<(usize, Option<Header>)> {
    let mut decoder = Decoder::new(MOST_HEADER);
    decoder.feed(bytes);
    let payload = decoder.frame().ok()??;
    let size = HEADER + payload.len();
    match payload {
        b"" => Some((size, None)),
        payload => Some((size, Some(Header::from_fields(Fields::parse(payload).ok()?).ok()?))),
    }
}

/// Names the bytes of requests and replies.
fn dissect(way: Way, mut bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    if way == Way::ToServer {
        return lab::dissect_frames(way, bytes);
    }
    while let Some((frame, header)) = first(bytes) {
        spans.push(Span { length: HEADER, name: format!("length {}", frame - HEADER) });
        spans.push(Span { length: frame - HEADER, name: "JSON header".to_string() });
        bytes = &bytes[frame..];
        if let Some(Header::Done { stdout, stderr, .. }) = header {
            for (size, name) in [(stdout, "standard output"), (stderr, "standard error")] {
                let part = usize::try_from(size).unwrap_or(usize::MAX).min(bytes.len());
                spans.push(Span { length: part, name: name.to_string() });
                bytes = &bytes[part..];
            }
        }
    }
    spans.extend(lab::dissect_frames(way, bytes));
    spans
}
