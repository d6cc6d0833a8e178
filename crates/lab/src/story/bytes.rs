//! Bytes and lines as text.

use std::fmt::Write as _;

use super::DIM;
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
    const LONGEST: usize = 100;
    let length = text.chars().count();
    let shown = if length <= LONGEST { length } else { 60 };
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
