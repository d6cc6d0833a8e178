//! The finished program in the traps of the lesson: what all its rehearsals have in common.

use common::auth::TAG;
use lab::{CLIENT, Exit, Finding, Record, Rehearsal, Span, Way};

/// Keys that everybody can read, for rehearsals only.
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");

/// Both sides are the finished program, the client logs in as `alice` and is typed `input`.
///
/// The play calls `stage.varying` with these names of bytes that are others in every run: `nonce`, `tag`.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal {
        play: None,
        needs: &[],
        serve: &["--keys", KEYS, "--exposed-keys"],
        connect: &["--key", ALICE, "--exposed-keys"],
        input,
        judge,
        dissect,
    }
}

/// Whether the client ended well and printed exactly these lines.
pub(crate) fn printed(record: &Record, wanted: &[&str]) -> bool {
    record.lines(CLIENT) == wanted && record.exit(CLIENT).is_some_and(Exit::is_success)
}

/// A verdict for those who only have to come through.
pub(crate) fn finding(holds: bool, how: &str) -> Finding {
    if holds {
        Finding::Held(how.to_string())
    } else {
        Finding::Other("the client did not get its lines back in capitals".to_string())
    }
}

/// Names the bytes of one direction: the login, then records.
fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let size = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).min(after.len());
        let (payload, others) = after.split_at(size);
        spans.push(Span { length: 4, name: format!("length {size}") });
        frame(way, payload, &mut spans);
        rest = others;
    }
    spans.push(Span { length: rest.len(), name: "part of a length".to_string() });
    spans.retain(|span| span.length > 0);
    spans
}

fn frame(way: Way, payload: &[u8], spans: &mut Vec<Span>) {
    let mut rest = payload.len();
    let mut name = |length: usize, name: &str| {
        spans.push(Span { length: length.min(rest), name: name.to_string() });
        rest = rest.saturating_sub(length);
    };
    if payload.starts_with(b"SBF1") {
        name(5, "message");
        if let [1 | 2, length, ..] = payload[4..] {
            name(1, "length of the name");
            name(length.into(), if way == Way::ToClient { "service" } else { "identity" });
            name(TAG, "nonce");
        }
        name(TAG, "tag");
    } else {
        name(1, "type");
        name(payload.len().saturating_sub(1 + TAG), "payload");
        name(TAG, "tag");
    }
    name(usize::MAX, "more");
}
