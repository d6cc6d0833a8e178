//! How wide a text may be, and text that keeps to it.

use std::io::{self, IsTerminal};

/// Columns of a terminal of which nothing else is known.
const COLUMNS: usize = 80;
/// Widths beyond these are not believed.
const NARROWEST: usize = 40;
const WIDEST: usize = 200;

/// The width of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Rows of a table or a timeline are never wider.
    pub(crate) columns: usize,
    /// Sentences are wrapped as well. In a pipe they are not, so that a program finds them on one line.
    pub(crate) wraps: bool,
}

impl Page {
    /// Standard output: as wide as the variable `COLUMNS` says, or else 80 columns.
    pub(crate) fn of_stdout() -> Page {
        let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
        let columns = said.filter(|columns| (NARROWEST..=WIDEST).contains(columns));
        Page { columns: columns.unwrap_or(COLUMNS), wraps: columns.is_some() || io::stdout().is_terminal() }
    }

    /// A sentence that begins in column `first`, its further lines in column `hanging`. Without what is before the first.
    pub(crate) fn prose(self, text: &str, first: usize, hanging: usize) -> String {
        if !self.wraps {
            return text.to_string();
        }
        wrapped(text, self.columns.saturating_sub(first), self.columns.saturating_sub(hanging))
            .join(&format!("\n{}", " ".repeat(hanging)))
    }
}

/// Columns that a character takes on a terminal: two for most of East Asia.
fn columns_of(character: char) -> usize {
    let wide = matches!(character as u32,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60
        | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3ffff);
    if wide { 2 } else { 1 }
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// The text in lines of at most this many columns, the first of at most `first`: broken between words where that is
/// possible. Blanks at its beginning are kept.
pub(super) fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let indented = text.len() - text.trim_start().len();
    let (blanks, words) = text.split_at(indented);
    for (place, word) in words.split(' ').enumerate() {
        let mut word = if place == 0 { format!("{blanks}{word}") } else { word.to_string() };
        let most = if lines.is_empty() { first } else { rest }.max(1);
        let space = usize::from(place > 0);
        if width(&line) + space + width(&word) <= most {
            line.extend((space > 0).then_some(' '));
            line += &word;
            continue;
        }
        if place > 0 {
            lines.push(std::mem::take(&mut line));
        }
        loop {
            let most = if lines.is_empty() { first } else { rest }.max(1);
            if width(&word) <= most {
                break;
            }
            let (head, tail) = split_at_width(&word, most);
            lines.push(head.to_string());
            word = tail.to_string();
        }
        line = word;
    }
    lines.push(line);
    lines
}

/// The text, its end replaced by three dots where it is wider than this.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_string();
    }
    format!("{}...", split_at_width(text, columns.saturating_sub(3)).0.trim_end())
}

/// As many characters as fit, at least one, and the others.
fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += columns_of(character);
        if used > columns && at > 0 {
            return text.split_at(at);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_breaks_between_words_and_hangs_under_its_beginning() {
        let page = Page { columns: 20, wraps: true };
        assert_eq!(page.prose("one two three four five six", 4, 6), "one two three\n      four five six");
        assert_eq!(Page { wraps: false, ..page }.prose("one two three four five six", 4, 6).lines().count(), 1);
    }

    #[test]
    fn a_word_without_end_breaks_anywhere_and_nothing_is_lost() {
        assert_eq!(wrapped("  ab cdefghijkl m", 5, 4), ["  ab", "cdef", "ghij", "kl m"]);
        for most in 1..30 {
            let text = "File \"/a/very/long/path.py\", line 12, in  main";
            let lines = wrapped(text, most, most);
            assert!(lines.iter().all(|line| width(line) <= most), "{most}: {lines:?}");
            let all: String = lines.concat().chars().filter(|c| *c != ' ').collect();
            assert_eq!(all, text.replace(' ', ""), "{most}");
        }
    }

    #[test]
    fn what_is_too_wide_is_cut_by_columns_and_not_by_characters() {
        assert_eq!(cut("abcdefgh", 8), "abcdefgh");
        assert_eq!(cut("abcdefghi", 8), "abcde...");
        assert_eq!(cut("我是多线程", 10), "我是多线程");
        assert_eq!(cut("我是多线程服务", 10), "我是多...");
    }
}
