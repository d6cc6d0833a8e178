//! Where the bytes of a program of one's own leave what was expected.

use std::fmt::Write as _;

use super::BAD;
use super::bytes::{Look, count, looks, shown};
use super::page::{Page, width};
use crate::lesson::experiment::Wanted;
use crate::record::{Record, Way};
use crate::story::paint::paint;

/// Columns before the bytes.
const LEFT: usize = 17;

/// Where the bytes of a program of one's own leave what is expected on the wire, the first wrong one marked. Datagrams are
/// compared one by one.
pub(super) fn marked(page: Page, expected: &[Wanted], record: &Record) -> String {
    let mut text = String::new();
    for (place, wanted) in expected.iter().enumerate() {
        let same = |other: &&Wanted| (other.connection, other.way) == (wanted.connection, wanted.way);
        let before = expected[..place].iter().filter(same).count();
        let last = !expected[place + 1..].iter().any(|other| same(&other));
        let stream = stream(record, wanted.connection, wanted.way);
        if !record.carries_datagrams(wanted.connection) {
            let got = record.bytes(wanted.connection, wanted.way);
            if before == 0 && got != *wanted.bytes {
                text += &mark(page, &stream, &wanted.bytes, &got);
            }
            continue;
        }
        let datagrams = record.datagrams(wanted.connection, wanted.way);
        let heading = format!("{stream}, datagram {}", before + 1);
        match datagrams.get(before) {
            Some(got) if got == &wanted.bytes => {}
            Some(got) => text += &mark(page, &heading, &wanted.bytes, got),
            None => {
                let _ = writeln!(text, "\n    {heading}");
                let room = page.columns.saturating_sub(LEFT);
                let expected = shown(&wanted.bytes, &looks(&wanted.bytes), wanted.bytes.len(), room).text;
                let _ = writeln!(text, "      expected   {expected}\n      got        nothing");
            }
        }
        if last && datagrams.len() > before + 1 {
            let more = count(datagrams.len() - before - 1, "datagram");
            let _ = writeln!(text, "\n    {stream}, after datagram {}: {more} too many", before + 1);
        }
    }
    text
}

/// One direction of a connection, by the names of its ends, and its number where those do not tell which it is.
fn stream(record: &Record, connection: usize, way: Way) -> String {
    let ends = record.ends(Some(connection));
    let [client, server] = ends;
    let stream = match way {
        Way::ToServer => format!("{client} -> {server}"),
        Way::ToClient => format!("{server} -> {client}"),
    };
    match record.ends.iter().filter(|other| **other == ends).count() {
        0 | 1 => stream,
        _ => format!("{stream}, connection {connection}"),
    }
}

/// The first byte in which two runs of bytes differ.
fn mark(page: Page, heading: &str, wanted: &[u8], got: &[u8]) -> String {
    /// Bytes that are shown before the first wrong one.
    const BEFORE: usize = 8;
    let same = got.iter().zip(wanted).take_while(|(a, b)| a == b).count();
    // No character is cut in two.
    let is_rest = |at: usize| wanted.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let from = (0..=same.saturating_sub(BEFORE)).rev().find(|at| !is_rest(*at)).unwrap_or(0);
    let rows = alike([&wanted[from..], &got[from..]], same - from);
    let room = page.columns.saturating_sub(LEFT);
    let [expected, got_row] = rows.map(|(bytes, looks)| {
        // More than this is on no line.
        let most = bytes.len().min(room);
        shown(&bytes[..most], &looks[..most], bytes.len(), room)
    });
    let what = match (got.len() > same, wanted.len() > same) {
        (true, true) => format!("byte {same} differs"),
        (true, false) => format!("{} too many, from byte {same} on", count(got.len() - same, "byte")),
        _ => format!("{} missing, from byte {same} on", count(wanted.len() - same, "byte")),
    };
    let start = if from > 0 { format!(" from byte {from}") } else { String::new() };
    let mut text = String::new();
    let _ = writeln!(text, "\n    {heading}{start}");
    let _ = writeln!(text, "      expected   {}", expected.text);
    let _ = writeln!(text, "      got        {}", if got.is_empty() { "nothing" } else { &got_row.text });
    let column = if got.is_empty() { 0 } else { got_row.columns.get(same - from).copied().unwrap_or(0) };
    let pointer = paint(BAD, "^^");
    if column + 3 + width(&what) <= room {
        let _ = writeln!(text, "{:LEFT$}{:column$}{pointer} {what}", "", "");
    } else {
        let before = column.saturating_sub(width(&what) + 1);
        let _ = writeln!(text, "{:LEFT$}{:before$}{what} {pointer}", "", "");
    }
    text
}

/// How two runs of bytes are shown whose first `same` bytes are equal: those look the same in both.
fn alike([one, other]: [&[u8]; 2], same: usize) -> [(&[u8], Vec<Look>); 2] {
    let mut both = [(one, looks(one)), (other, looks(other))];
    for at in 0..same {
        let (mine, its) = (both[0].1[at], both[1].1[at]);
        if mine != its {
            let look = if one[at].is_ascii() { Look::Character } else { Look::Hex };
            both.iter_mut().for_each(|(_, looks)| looks[at] = look);
        }
    }
    // What is left of a character whose beginning is shown in hexadecimal.
    for (_, looks) in &mut both {
        for at in 0..looks.len() {
            if looks[at] == Look::Rest && (at == 0 || looks[at - 1] == Look::Hex) {
                looks[at] = Look::Hex;
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_on(columns: usize, wanted: &[u8], got: &[u8]) -> String {
        let text = mark(Page { columns, wraps: false }, "server -> client", wanted, got);
        text.replace(&paint(BAD, "^^"), "^^")
    }

    fn told(wanted: &[u8], got: &[u8]) -> String {
        told_on(80, wanted, got)
    }

    #[test]
    fn text_is_shown_as_text_and_the_first_wrong_byte_is_marked() {
        let text = "
    server -> client
      expected   \"---> hello\" 0a
      got        \"---> help!\" 0a
                          ^^ byte 8 differs
";
        assert_eq!(told(b"---> hello\n", b"---> help!\n"), text);
        let text = "
    server -> client
      expected   00 00 00 05 \"hello\"
      got        00 00 00 00
                          ^^ byte 3 differs
";
        assert_eq!(told(b"\0\0\0\x05hello", b"\0\0\0\0"), text);
    }

    #[test]
    fn what_is_equal_looks_the_same_in_both_rows() {
        let text = "
    server -> client
      expected   \"hello\"
      got        \"h\" 00
                     ^^ byte 1 differs
";
        assert_eq!(told(b"hello", b"h\0"), text);
        let text = "
    server -> client
      expected   e6 88 91
      got        e6 88 21 0a
                       ^^ byte 2 differs
";
        assert_eq!(told("我".as_bytes(), b"\xe6\x88!\n"), text);
    }

    #[test]
    fn what_is_missing_or_too_much_is_counted_and_far_bytes_are_found() {
        assert!(
            told(b"hello", b"").ends_with("got        nothing\n                 ^^ 5 bytes missing, from byte 0 on\n")
        );
        assert!(
            told(b"hello", b"hello\n")
                .ends_with("\"hello\" 0a\n                         ^^ 1 byte too many, from byte 5 on\n")
        );
        let [wanted, got] = [b'a', b'b'].map(|last| [&[b'x'; 20_000][..], &[last]].concat());
        let told = told(&wanted, &got);
        assert!(told.contains("server -> client from byte 19992\n      expected   \"xxxxxxxxa\"\n"), "{told}");
        assert!(told.contains("^^ byte 20000 differs"), "{told}");
    }

    #[test]
    fn no_row_is_wider_than_the_page() {
        let bytes: Vec<u8> = (0..300).map(|n| (n * 7) as u8).collect();
        for at in 0..300 {
            let mut other = bytes.clone();
            other[at] ^= 1;
            for columns in [60, 80] {
                let text = told_on(columns, &bytes, &other);
                assert!(text.lines().all(|line| width(line) <= columns), "{text}");
            }
        }
    }
}
