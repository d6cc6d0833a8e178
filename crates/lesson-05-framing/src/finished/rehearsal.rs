//! The finished program in the traps of the lesson: what all its rehearsals have in common.

use byteorder::{BigEndian, ByteOrder};
use common::framing::{HEADER, json::Fields};
use lab::{CLIENT, Exit, Finding, Need, Record, Rehearsal, Span, Way};

use super::wire::{End, Header, MOST_HEADER};

/// Both sides are the finished program, the client is typed `input`, and its ids are the same in every run.
pub(crate) const fn rehearsal(input: &'static [&'static str], judge: fn(&Record) -> Finding) -> Rehearsal {
    Rehearsal {
        play: None,
        needs: &[Need::Unix("elsewhere `echo` and `printf` are no programs of their own")],
        serve: &[],
        connect: &["--id", "table7"],
        input,
        judge,
        dissect,
    }
}

/// One reply, whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The command ended with status 0 and wrote this on its standard output and standard error.
    Done(String, String),
    /// It ended otherwise.
    Ended,
    /// There is no result, for this reason.
    Failed(String),
}

/// Every reply on a connection, in order; signs of life do not count. `None` if there is anything else, or less.
pub(crate) fn replies(record: &Record, connection: usize) -> Option<Vec<Reply>> {
    let bytes = record.bytes(connection, Way::ToClient);
    let mut rest = &bytes[..];
    let mut replies = Vec::new();
    while !rest.is_empty() {
        let (frame, header) = first(rest)?;
        rest = &rest[frame..];
        match header {
            None => {}
            Some(Header::Failed { error, .. }) => replies.push(Reply::Failed(error)),
            Some(Header::Done { end, stdout, stderr, .. }) => {
                let mut output = |size| {
                    let (part, others) = rest.split_at_checked(usize::try_from(size).ok()?)?;
                    rest = others;
                    String::from_utf8(part.to_vec()).ok()
                };
                let (stdout, stderr) = (output(stdout)?, output(stderr)?);
                replies.push(if end == End::Status(0) { Reply::Done(stdout, stderr) } else { Reply::Ended });
            }
        }
    }
    Some(replies)
}

/// Whether the first connection carried exactly these outputs, one a command, and the client ended well.
pub(crate) fn printed(record: &Record, wanted: &[&str]) -> bool {
    let wanted = wanted.iter().map(|output| Reply::Done((*output).to_string(), String::new()));
    replies(record, 1).is_some_and(|replies| replies.into_iter().eq(wanted))
        && record.exit(CLIENT).is_some_and(Exit::is_success)
}

/// A verdict for those who only have to come through.
pub(crate) fn finding(holds: bool, how: &str) -> Finding {
    if holds {
        Finding::Held(how.to_string())
    } else {
        Finding::Other("the replies are not what the commands printed".to_string())
    }
}

/// The size of the frame that these bytes begin with and the header in it, if there is any. Frames are read in another
/// way than in the program that is judged.
fn first(bytes: &[u8]) -> Option<(usize, Option<Header>)> {
    let (length, behind) = bytes.split_at_checked(HEADER)?;
    let length = usize::try_from(BigEndian::read_u32(length)).ok().filter(|length| *length <= MOST_HEADER)?;
    let payload = behind.get(..length)?;
    let size = HEADER + length;
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
