//! Where the bytes of a program of one's own leave what was expected.

use std::fmt::Write as _;

use super::BAD;
use super::bytes::{count, preview};
use crate::lesson::experiment::Wanted;
use crate::record::Record;
use crate::story::paint::paint;

/// Where the bytes of a program of one's own leave what belongs on the wire, the first wrong one marked. Datagrams are
/// compared one by one.
pub(crate) fn marked(expected: &[Wanted], record: &Record) -> String {
    let mut text = String::new();
    for (place, wanted) in expected.iter().enumerate() {
        let same = |other: &&Wanted| (other.connection, other.way) == (wanted.connection, wanted.way);
        let before = expected[..place].iter().filter(same).count();
        let last = !expected[place + 1..].iter().any(|other| same(&other));
        let way = wanted.way.name();
        if !record.carries_datagrams(wanted.connection) {
            let came = record.bytes(wanted.connection, wanted.way);
            if before == 0 && came != *wanted.bytes {
                text += &mark(way, &wanted.bytes, &came);
            }
            continue;
        }
        let datagrams = record.datagrams(wanted.connection, wanted.way);
        let heading = format!("{way}, datagram {}", before + 1);
        match datagrams.get(before) {
            Some(came) if came == &wanted.bytes => {}
            Some(came) => text += &mark(&heading, &wanted.bytes, came),
            None => {
                let _ = writeln!(text, "\n    {heading}");
                let _ = writeln!(text, "    belongs there   {}", preview(&wanted.bytes, wanted.bytes.len()));
                let _ = writeln!(text, "    came            nothing");
            }
        }
        if last && datagrams.len() > before + 1 {
            let more = count(datagrams.len() - before - 1, "datagram");
            let _ = writeln!(text, "\n    {way}, after datagram {}: {more} too many", before + 1);
        }
    }
    text
}

/// The first byte in which two runs of bytes differ.
fn mark(heading: &str, wanted: &[u8], came: &[u8]) -> String {
    /// Bytes before the first wrong one, and bytes on a row.
    const BEFORE: usize = 8;
    const ROW: usize = 20;
    let same = came.iter().zip(wanted).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(BEFORE);
    let row = |bytes: &[u8]| {
        let hex = |byte: &u8| format!("{byte:02x}");
        let shown: Vec<String> = bytes.iter().skip(from).take(ROW).map(hex).collect();
        format!("{}{}", shown.join(" "), if bytes.len() > from + ROW { " ..." } else { "" })
    };
    let mark = match (came.len() > same, wanted.len() > same) {
        (true, true) => format!("byte {same} differs"),
        (true, false) => format!("{} too many, from byte {same} on", count(came.len() - same, "byte")),
        _ => format!("{} missing, from byte {same} on", count(wanted.len() - same, "byte")),
    };
    let start = if from > 0 { format!(" from byte {from}") } else { String::new() };
    let mut text = String::new();
    let _ = writeln!(text, "\n    {heading}{start}");
    let _ = writeln!(text, "    belongs there   {}", row(wanted));
    let _ = writeln!(text, "    came            {}", row(came));
    let _ = writeln!(text, "                    {}{} {mark}", " ".repeat(3 * (same - from)), paint(BAD, "^^"));
    text
}
