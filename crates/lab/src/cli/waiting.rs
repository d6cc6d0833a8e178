//! What is waited for, on standard error: one line that is written anew on a terminal, now and then a line in a pipe.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::performance::Waits;
use crate::story::page::{cut, width};

/// Nothing is said of what takes no longer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two lines in a pipe.
const PAUSE: Duration = Duration::from_secs(5);
/// Between two looks at what is waited for.
const LOOK: Duration = Duration::from_millis(200);
/// A line on a terminal is never wider, so that it can be written anew.
const COLUMNS: usize = 79;

/// One line on standard error that changes.
pub(super) struct StatusLine {
    terminal: bool,
    /// Columns that are written on.
    written: usize,
    /// When the last line went into a pipe.
    last: Option<Instant>,
}

impl StatusLine {
    pub(super) fn new() -> StatusLine {
        StatusLine { terminal: io::stderr().is_terminal(), written: 0, last: None }
    }

    /// Writes it anew; in a pipe nothing.
    pub(super) fn show(&mut self, text: &str) {
        if !self.terminal {
            return;
        }
        let text = cut(text, COLUMNS);
        let blanks = self.written.saturating_sub(width(&text));
        self.written = width(&text);
        // Blanks in place of an escape sequence: those work on every terminal.
        let _ = write!(io::stderr(), "\r{text}{:blanks$}{}", "", "\u{8}".repeat(blanks));
    }

    /// Writes it anew; in a pipe one line, if the last was some time ago.
    pub(super) fn say(&mut self, text: &str) {
        if self.terminal {
            self.show(text);
        } else if self.last.is_none_or(|last| last.elapsed() >= PAUSE) {
            self.last = Some(Instant::now());
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Leaves nothing of it on a terminal.
    pub(super) fn clear(&mut self) {
        if self.written > 0 {
            let _ = write!(io::stderr(), "\r{:1$}\r", "", self.written);
            self.written = 0;
        }
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Since when each form of a check has waited for the same.
#[derive(Default)]
struct Since(Vec<(usize, String, Instant)>);

impl Since {
    /// What has been waited for longest, and how long.
    fn longest(&mut self, now: Instant, waits: Vec<(usize, String)>) -> Option<(String, Duration)> {
        self.0.retain(|(place, text, _)| waits.iter().any(|(other, what)| (other, what) == (place, text)));
        for (place, text) in waits {
            if !self.0.iter().any(|(other, ..)| *other == place) {
                self.0.push((place, text, now));
            }
        }
        let (_, text, since) =
            self.0.iter().filter(|(_, text, _)| !text.is_empty()).min_by_key(|(.., since)| *since)?;
        Some((text.clone(), now.duration_since(*since)))
    }
}

/// Does this work, and says meanwhile what it waits for where that takes some time, behind `about` and a colon.
pub(super) fn while_it_waits<T>(about: &str, waits: &Waits, line: &mut StatusLine, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (over, is_over) = mpsc::channel::<()>();
        let watches = move || {
            let mut since = Since::default();
            let mut said = false;
            while is_over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                match since.longest(Instant::now(), waits.now()) {
                    Some((what, long)) if long >= PATIENCE => {
                        let colon = if about.is_empty() { "" } else { ": " };
                        line.say(&format!("{about}{colon}waiting for {what} ({} s)", long.as_secs()));
                        said = true;
                    }
                    _ if said => {
                        line.show(about);
                        said = false;
                    }
                    _ => {}
                }
            }
        };
        // Without a thread nothing is said.
        let _ = thread::Builder::new().spawn_scoped(scope, watches);
        let result = work();
        drop(over);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_waited_for_longest_is_told_and_something_new_begins_anew() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut since = Since::default();
        let mut longest = |second, waits: &[(usize, &str)]| {
            let waits = waits.iter().map(|(place, text)| (*place, text.to_string())).collect();
            since.longest(at(second), waits).map(|(text, long)| (text, long.as_secs()))
        };
        assert_eq!(longest(0, &[(0, "a"), (1, "")]), Some(("a".to_string(), 0)));
        assert_eq!(longest(3, &[(0, "a"), (1, "b")]), Some(("a".to_string(), 3)));
        assert_eq!(longest(4, &[(0, "c"), (1, "b")]), Some(("b".to_string(), 1)));
        assert_eq!(longest(9, &[(0, "c")]), Some(("c".to_string(), 5)));
        assert_eq!(longest(9, &[(2, "")]), None);
    }
}
