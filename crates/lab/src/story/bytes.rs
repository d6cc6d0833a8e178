//! Bytes and lines as text.

use std::fmt::Write as _;

use super::DIM;
use super::page::width;
use crate::story::paint::paint;

/// Bytes of a run that are shown without `--wire`.
const SHOWN: usize = 24;

/// A run of bytes on one line: text in quotes, other bytes in hexadecimal, and how many there are.
pub(crate) fn preview(bytes: &[u8], total: usize) -> String {
    format!("{}   {}", readable(bytes, total), paint(DIM, &format!("({})", count(total, "byte"))))
}

/// Text in quotes, other bytes in hexadecimal, and a word where there is nothing.
pub(crate) fn readable(bytes: &[u8], total: usize) -> String {
    if total == 0 {
        return "empty".to_string();
    }
    let shown = &bytes[..bytes.len().min(SHOWN)];
    let mut pieces: Vec<String> = Vec::new();
    let mut rest = shown;
    while let Some(first) = rest.first() {
        let readable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
        let text = rest.iter().take_while(|byte| readable(byte)).count();
        if text >= 2 {
            pieces.push(format!("\"{}\"", String::from_utf8_lossy(&rest[..text])));
            rest = &rest[text..];
        } else {
            pieces.push(format!("{first:02x}"));
            rest = &rest[1..];
        }
    }
    let more = if shown.len() < total { " ..." } else { "" };
    format!("{}{more}", pieces.join(" "))
}

/// How a byte is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// In hexadecimal.
    Hex,
    /// The first byte of a character, in quotes.
    Character,
    /// A further byte of a character.
    Rest,
}

/// How each of these bytes is shown: two or more characters in a row, or one outside ASCII, as text.
pub(super) fn looks(bytes: &[u8]) -> Vec<Look> {
    let mut looks = Vec::with_capacity(bytes.len());
    while let Some(rest) = bytes.get(looks.len()..).filter(|rest| !rest.is_empty()) {
        match first_character(rest) {
            Some(length) => {
                looks.push(Look::Character);
                looks.extend(std::iter::repeat_n(Look::Rest, length - 1));
            }
            None => looks.push(Look::Hex),
        }
    }
    for at in 0..looks.len() {
        let neighbour = |at: Option<usize>| at.and_then(|at| looks.get(at)).is_some_and(|look| *look != Look::Hex);
        let alone = !neighbour(at.checked_sub(1)) && !neighbour(Some(at + 1));
        if looks[at] == Look::Character && alone {
            looks[at] = Look::Hex;
        }
    }
    looks
}

/// The length of the character with which these bytes begin, if it can be read on a terminal.
fn first_character(bytes: &[u8]) -> Option<usize> {
    let most = bytes.len().min(4);
    let text = (1..=most).find_map(|length| std::str::from_utf8(&bytes[..length]).ok())?;
    let character = text.chars().next()?;
    // Neither controls nor marks that change what is around them.
    let readable = match character {
        '\u{20}'..='\u{7e}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ffee}' => true,
        '\u{2190}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}' => true,
        _ => character.is_alphanumeric(),
    };
    readable.then_some(text.len())
}

/// Bytes as text, and the column in which each of them begins.
pub(super) struct Shown {
    pub(super) text: String,
    /// One for each byte that is shown, and one more for the end.
    pub(super) columns: Vec<usize>,
}

/// As many of these bytes as fit into so many columns, text in quotes and other bytes in hexadecimal; three dots follow
/// where some of `total` are not shown.
pub(super) fn shown(bytes: &[u8], looks: &[Look], total: usize, columns: usize) -> Shown {
    const MORE: &str = " ...";
    if total == 0 {
        return Shown { text: "empty".to_string(), columns: vec![0] };
    }
    let mut text = String::new();
    let mut begins = Vec::new();
    // Where the text could end so that the dots fit behind it.
    let mut last_that_fits = (0, 0, false);
    let mut quoted = false;
    let mut at = 0;
    while at < bytes.len() {
        let length = 1 + looks[at + 1..].iter().take_while(|look| **look == Look::Rest).count();
        let is_text = looks[at] != Look::Hex;
        let length = if is_text { length } else { 1 };
        let opening = match (quoted, is_text) {
            (true, false) => "\" ",
            (false, true) if at > 0 => " \"",
            (false, true) => "\"",
            (false, false) if at > 0 => " ",
            _ => "",
        };
        text += opening;
        let begin = width(&text);
        match std::str::from_utf8(&bytes[at..at + length]) {
            Ok(character) if is_text => text += character,
            _ => text += &format!("{:02x}", bytes[at]),
        }
        quoted = is_text;
        begins.extend(std::iter::repeat_n(begin, length));
        at += length;
        let whole = width(&text) + usize::from(quoted);
        if whole + MORE.len() <= columns || last_that_fits.0 == 0 {
            last_that_fits = (at, text.len(), quoted);
        }
        if at == total && whole <= columns {
            last_that_fits = (at, text.len(), quoted);
        }
        if whole > columns {
            break;
        }
    }
    let (at, length, quoted) = last_that_fits;
    text.truncate(length);
    text.extend(quoted.then_some('"'));
    begins.truncate(at);
    begins.push(width(&text) + usize::from(!quoted));
    if at < total {
        text += MORE;
    }
    Shown { text, columns: begins }
}

/// A run of bytes on one line of so many columns: as [`preview`], and text outside ASCII as text as well.
pub(super) fn fitted(bytes: &[u8], total: usize, columns: usize) -> String {
    let number = format!("   ({})", count(total, "byte"));
    let room = columns.saturating_sub(number.len());
    // More than this is on no line.
    let bytes = &bytes[..bytes.len().min(columns)];
    format!("{}{}", shown(bytes, &looks(bytes), total, room).text, paint(DIM, &number))
}

/// What the relay has changed.
pub(crate) fn change(offset: usize, was: &[u8], now: &[u8]) -> String {
    /// So many bytes are shown.
    const MOST: usize = 8;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match was.len() {
        1 => format!("byte {offset}: {} becomes {}", hex(was), hex(now)),
        n if n <= MOST => format!("bytes {offset} to {}: {} become {}", offset + n - 1, hex(was), hex(now)),
        n => format!("{n} bytes from byte {offset} on"),
    }
}

pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// A line as it can be shown: not too long, and with control characters named, which a terminal would obey.
pub(crate) fn shortened(text: &str) -> String {
    shortened_beyond(text, 100, 60)
}

/// A line as it can be shown; where it has more than `longest` characters, the first `first` of them.
pub(super) fn shortened_beyond(text: &str, longest: usize, first: usize) -> String {
    let length = text.chars().count();
    let shown = if length <= longest { length } else { first };
    let mut line = String::new();
    for character in text.chars().take(shown) {
        match character {
            '\0' => line.push_str("\\0"),
            '\t' => line.push(character),
            _ if character.is_control() => line.extend(character.escape_default()),
            _ => line.push(character),
        }
    }
    if shown < length {
        let _ = write!(line, "... ({length} characters)");
    }
    line
}

/// A few bytes in the middle of a sentence: text in quotes, with `\\n` and the like; other bytes in hexadecimal.
pub(crate) fn brief(bytes: &[u8]) -> String {
    const LONGEST: usize = 40;
    match std::str::from_utf8(bytes) {
        _ if bytes.is_empty() => "nothing".to_string(),
        Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            let short: String = text.chars().take(LONGEST).collect();
            if short.len() == text.len() {
                format!("{text:?}")
            } else {
                format!("{short:?}... ({})", count(bytes.len(), "byte"))
            }
        }
        _ if bytes.len() <= SHOWN => readable(bytes, bytes.len()),
        _ => format!("{} ({})", readable(bytes, bytes.len()), count(bytes.len(), "byte")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(bytes: &[u8], columns: usize) -> String {
        shown(bytes, &looks(bytes), bytes.len(), columns).text
    }

    #[test]
    fn text_is_in_quotes_and_everything_else_in_hexadecimal() {
        assert_eq!(fit(b"\0\0\0\x05hello", 80), "00 00 00 05 \"hello\"");
        assert_eq!(fit(b"---> hello\n", 80), "\"---> hello\" 0a");
        assert_eq!(fit(b"a\0b", 80), "61 00 62");
        assert_eq!(fit("我是\r\n".as_bytes(), 80), "\"我是\" 0d 0a");
        assert_eq!(fit(&"é".as_bytes()[..1], 80), "c3");
        assert_eq!(fit("\u{202e}abc".as_bytes(), 80), "e2 80 ae \"abc\"");
        assert_eq!(fit(b"", 80), "empty");
    }

    #[test]
    fn as_much_is_shown_as_fits_and_dots_say_that_there_is_more() {
        for bytes in [&[7u8; 300][..], &[b'x'; 300], "我是多线程".repeat(20).as_bytes(), b"ab\0\0cd\0e\xff\xfe\xe6"]
        {
            for columns in 12..70 {
                let text = fit(bytes, columns);
                assert!(width(&text) <= columns, "{columns}: {text}");
                assert!(width(&text) + 7 >= columns || !text.ends_with(" ..."), "{columns}: {text}");
            }
        }
        assert_eq!(fit(b"abcdefgh", 10), "\"abcdefgh\"");
        assert_eq!(fit(b"abcdefghi", 10), "\"abcd\" ...");
        assert_eq!(shown(b"abc", &looks(b"abc"), 500, 40).text, "\"abc\" ...");
    }

    #[test]
    fn every_byte_has_a_column() {
        let bytes = "a\0hi\u{6211}\n".as_bytes();
        let shown = shown(bytes, &looks(bytes), bytes.len(), 80);
        assert_eq!(shown.text, "61 00 \"hi我\" 0a");
        assert_eq!(shown.columns, [0, 3, 7, 8, 9, 9, 9, 13, 16]);
        assert_eq!(super::shown(b"hi", &looks(b"hi"), 2, 80).columns, [1, 2, 4]);
    }
}
