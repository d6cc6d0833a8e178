//! The lines in which the two twins differ.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use diff::Result::{Both, Left, Right};

use crate::lesson::experiment::Twins;
use crate::story::paint::paint;

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();

/// Lines of the surroundings that are shown before and after a change.
const AROUND: usize = 3;

/// How many lines are only in one of the two texts; a line that was changed counts once.
pub(crate) fn count(broken: &str, fixed: &str) -> usize {
    let (mut total, mut old, mut new) = (0, 0, 0);
    for line in diff::lines(broken, fixed) {
        match line {
            Left(_) => old += 1,
            Right(_) => new += 1,
            Both(..) => {
                total += old.max(new);
                (old, new) = (0, 0);
            }
        }
    }
    total + old.max(new)
}

/// The difference as a person reads it: paths first, then every change with its surroundings and line numbers.
pub(crate) fn render(twins: &Twins) -> String {
    let lines = diff::lines(twins.broken.text, twins.fixed.text);
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Both(..))).map(|(at, _)| at).collect();
    let near = |at: usize| changed.iter().any(|change| change.abs_diff(at) <= AROUND);
    let mut text = String::new();
    let _ = writeln!(text, "{}", paint(OLD, &format!("--- {}", twins.broken.path())));
    let _ = writeln!(text, "{}", paint(NEW, &format!("+++ {}", twins.fixed.path())));
    let (mut old, mut new) = (0, 0);
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        match line {
            Left(_) => old += 1,
            Right(_) => new += 1,
            Both(..) => {
                old += 1;
                new += 1;
            }
        }
        if !near(at) {
            skipped = true;
            continue;
        }
        if skipped {
            let _ = writeln!(text, "{}", paint(DIM, "      ..."));
            skipped = false;
        }
        let row = match line {
            Left(gone) => paint(OLD, format!("{old:4} - {gone}").trim_end()),
            Right(come) => paint(NEW, format!("{new:4} + {come}").trim_end()),
            Both(same, _) => format!("{new:4}   {same}").trim_end().to_string(),
        };
        let _ = writeln!(text, "{row}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_counts_once_and_an_added_line_counts() {
        assert_eq!(count("a\nb\nc\n", "a\nx\nc\n"), 1);
        assert_eq!(count("a\nc\n", "a\nb\nc\n"), 1);
        assert_eq!(count("a\n", "a\n"), 0);
    }
}
