//! What servers with the mistakes of this lesson read the bytes of a client as: the other column of `--wire`.

use lab::Span;

/// A server that reads frames, each a length of 4 bytes and a payload, and how it does it.
pub(crate) struct Reader {
    /// Reads on until it has all four bytes of a length.
    pub(crate) whole_header: bool,
    /// Reads on until it has the whole payload.
    pub(crate) whole_payload: bool,
    /// The number that it reads from four bytes.
    pub(crate) length: fn([u8; 4]) -> i64,
    /// The longest payload that it takes, bytes.
    pub(crate) maximum: i64,
    /// What it does with a length that is too long; `None`: it reads no further.
    pub(crate) too_long: Option<&'static str>,
}

/// One that reads as it should.
pub(crate) const READER: Reader = Reader {
    whole_header: true,
    whole_payload: true,
    length: |bytes| u32::from_be_bytes(bytes).into(),
    maximum: 64 * 1024,
    too_long: None,
};

impl Reader {
    /// What it reads the bytes of these pieces as, each of which is there when it reads.
    pub(crate) fn names(&self, pieces: &[&[u8]]) -> Vec<Span> {
        let all = pieces.concat();
        let mut spans = Vec::new();
        let mut at = 0;
        // How much it gets of so many bytes.
        let gets = |at: usize, wanted: usize, whole: bool| {
            let mut ends = pieces.iter().scan(0, |end, piece| {
                *end += piece.len();
                Some(*end)
            });
            let end = ends.find(|end| *end > at).unwrap_or(all.len());
            wanted.min(if whole { all.len() } else { end } - at)
        };
        while at < all.len() {
            let got = gets(at, 4, self.whole_header);
            if got < 4 && self.whole_header {
                break;
            }
            // What is missing stays 0.
            let mut header = [0; 4];
            header[..got].copy_from_slice(&all[at..at + got]);
            let length = (self.length)(header);
            let note = if got < 4 { format!(", from {got} of its 4 bytes") } else { String::new() };
            at += got;
            let payload = match usize::try_from(length) {
                Ok(payload) if length <= self.maximum => payload,
                _ => {
                    let done = self.too_long.unwrap_or(if length < 0 { "below 0" } else { "too long" });
                    spans.push(Span { length: got, name: format!("length {length}{note}: {done}") });
                    if self.too_long.is_none() {
                        break;
                    }
                    continue;
                }
            };
            spans.push(Span { length: got, name: format!("length {length}{note}") });
            let got = gets(at, payload, self.whole_payload);
            let name = if got < payload { format!("payload, all {got} bytes of it") } else { "payload".to_string() };
            at += got;
            spans.extend((got > 0).then_some(Span { length: got, name }));
        }
        spans.extend((at < all.len()).then(|| Span { length: all.len() - at, name: "not read".to_string() }));
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reader: &Reader, pieces: &[&[u8]]) -> String {
        reader.names(pieces).iter().map(|span| format!("{} {}; ", span.length, span.name)).collect()
    }

    #[test]
    fn who_reads_as_one_should_does_not_see_the_pieces() {
        assert_eq!(told(&READER, &[b"\0\0", b"\0\x02h", b"i\0\0\0\0"]), "4 length 2; 2 payload; 4 length 0; ");
    }

    #[test]
    fn one_read_for_the_header_leaves_the_missing_bytes_at_0() {
        let reader = Reader { whole_header: false, ..READER };
        assert_eq!(
            told(&reader, &[b"\0\0", b"\0\x02hi"]),
            "2 length 0, from 2 of its 4 bytes; 4 length 157801: too long; "
        );
    }

    #[test]
    fn one_read_for_the_payload_takes_a_part_for_all() {
        let reader = Reader { whole_payload: false, ..READER };
        let told = told(&reader, &[b"\0\0\0\x04h", b"i\0\0\0!!"]);
        assert_eq!(told, "4 length 4; 1 payload, all 1 bytes of it; 4 length 1761607680: too long; 2 not read; ");
    }

    #[test]
    fn who_goes_on_after_a_refusal_reads_the_payload_as_a_length() {
        let reader = Reader { too_long: Some("refused"), ..READER };
        assert_eq!(told(&reader, &[b"\xff\0\0\0\0\0\0\x01a"]), "4 length 4278190080: refused; 4 length 1; 1 payload; ");
    }
}
