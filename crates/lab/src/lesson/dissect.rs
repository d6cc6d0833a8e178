//! Names for the bytes on a wire.

use crate::record::{Role, Way};

/// A run of bytes with a name, for `--wire`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many bytes.
    pub length: usize,
    /// What they are: `length 5`, `payload`.
    pub name: String,
}

/// Names the bytes of a stream, or of datagrams, given the pieces or the datagrams in which they come.
pub type Names = fn(&[&[u8]]) -> Vec<Span>;

/// How the reader in an experiment reads what was meant in another way: the other column of `--wire`.
#[derive(Clone, Copy)]
pub struct Misread {
    /// Who reads.
    pub reader: Role,
    /// What it believes: `one read gives the whole payload`.
    pub belief: &'static str,
    /// Names the bytes as they are meant; `None` where the experiment's `dissect` does.
    pub meant: Option<Names>,
    /// Names them as the reader takes them.
    pub names: Names,
}

impl Misread {
    /// How a server with the mistake of an experiment reads what its `dissect` names as it is meant.
    pub const fn by_server(belief: &'static str, names: Names) -> Misread {
        Misread { reader: Role::Server, belief, meant: None, names }
    }
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

/// Names each character of a text, and runs of ASCII as a whole. `first` says how many bytes the first character of a text has
/// that does not begin with ASCII, and which one it is.
pub fn dissect_characters(mut bytes: &[u8], first: impl Fn(&[u8]) -> (usize, String)) -> Vec<Span> {
    let mut spans = Vec::new();
    while !bytes.is_empty() {
        let ascii = bytes.iter().take_while(|byte| byte.is_ascii()).count();
        let (length, name) = match ascii {
            0 => first(bytes),
            _ => (ascii, format!("{:?}", String::from_utf8_lossy(&bytes[..ascii]))),
        };
        let length = length.clamp(1, bytes.len());
        spans.push(Span { length, name });
        bytes = &bytes[length..];
    }
    spans
}

/// Names each character of a text in UTF-8 (RFC 3629), and runs of ASCII as a whole.
pub fn dissect_utf8(_way: Way, bytes: &[u8]) -> Vec<Span> {
    dissect_characters(bytes, |rest| {
        let Some(chunk) = rest.utf8_chunks().next() else { return (0, String::new()) };
        match chunk.valid().chars().next() {
            Some(first) => (first.len_utf8(), first.to_string()),
            None => (chunk.invalid().len(), "\u{FFFD} (no UTF-8)".to_string()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_has_its_name() {
        let spans = dissect_utf8(Way::ToServer, b"caf\xc3\xa9\xe2\x82!\xff");
        let spans: Vec<(usize, &str)> = spans.iter().map(|span| (span.length, span.name.as_str())).collect();
        let torn = "\u{FFFD} (no UTF-8)";
        assert_eq!(spans, [(3, "\"caf\""), (2, "é"), (2, torn), (1, "\"!\""), (1, torn)]);
    }
}
