//! Names for the bytes on a wire.

use crate::record::Way;

/// A run of bytes with a name, for `--wire`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many bytes.
    pub length: usize,
    /// What they are: `length 5`, `payload`.
    pub name: String,
}

/// How a server with the mistake of an experiment reads what comes to it: the other column of `--wire`.
#[derive(Clone, Copy)]
pub struct Misread {
    /// What it believes: `one read gives the whole payload`.
    pub belief: &'static str,
    /// Names the bytes of a stream as that server reads them, given the pieces in which they come.
    pub names: fn(&[&[u8]]) -> Vec<Span>,
}

/// Names the bytes of a stream of frames: 4-byte big-endian length, payload (`common::framing`).
pub fn dissect_frames(_way: Way, bytes: &[u8]) -> Vec<Span> {
    dissect_with(bytes, |prefix| u32::from_be_bytes(prefix).into())
}

/// Names the bytes of a stream of frames whose 4-byte length `read` understands.
pub fn dissect_with(mut bytes: &[u8], read: fn([u8; 4]) -> i64) -> Vec<Span> {
    let mut spans = Vec::new();
    while let Some((prefix, rest)) = bytes.split_first_chunk::<4>() {
        let length = read(*prefix);
        spans.push(Span { length: 4, name: format!("length {length}") });
        let take = usize::try_from(length).unwrap_or(0).min(rest.len());
        if take > 0 {
            spans.push(Span { length: take, name: "payload".to_string() });
        }
        bytes = &rest[take..];
    }
    if !bytes.is_empty() {
        spans.push(Span { length: bytes.len(), name: "part of a length".to_string() });
    }
    spans
}

/// Names nothing: text protocols read best as they are.
pub fn dissect_text(_way: Way, bytes: &[u8]) -> Vec<Span> {
    vec![Span { length: bytes.len(), name: "text".to_string() }]
}

/// Names the bytes of a stream of lines, each ended by a newline.
pub fn dissect_lines(_way: Way, bytes: &[u8]) -> Vec<Span> {
    let name = |line: &[u8]| if line.ends_with(b"\n") { "line" } else { "no end of line" };
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| Span { length: line.len(), name: name(line).into() })
        .collect()
}
