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
    /// What stands there now.
    written: String,
    /// When the last line went into a pipe.
    last: Option<Instant>,
}

impl StatusLine {
    pub(super) fn new() -> StatusLine {
        StatusLine { terminal: io::stderr().is_terminal(), written: String::new(), last: None }
    }

    /// Writes it anew; in a pipe nothing.
    pub(super) fn show(&mut self, text: &str) {
        let text = cut(text, COLUMNS);
        if !self.terminal || text == self.written {
            return;
        }
        if text.is_empty() {
            return self.clear();
        }
        // Blanks in place of an escape sequence: those work on every terminal.
        let blanks = width(&self.written).saturating_sub(width(&text));
        let _ = write!(io::stderr(), "\r{text}{:blanks$}{}", "", "\u{8}".repeat(blanks));
        self.written = text;
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
        if !self.written.is_empty() {
            let _ = write!(io::stderr(), "\r{:1$}\r", "", width(&self.written));
            self.written.clear();
        }
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What goes on now.
pub(super) struct Now {
    /// How far it is, in a few words.
    pub(super) about: String,
    /// What is done now, told while nothing is waited for.
    pub(super) doing: String,
    /// What is waited for: who waits, and for what.
    pub(super) waits: Vec<(String, String)>,
}

impl Now {
    /// One check alone.
    pub(super) fn of(waits: &Waits) -> Now {
        Now {
            about: String::new(),
            doing: String::new(),
            waits: waits.now().into_iter().map(|(form, it)| (form.to_string(), it)).collect(),
        }
    }
}

/// Since when each of them has waited for the same.
#[derive(Default)]
struct Since(Vec<(String, String, Instant)>);

impl Since {
    /// What has been waited for longest, and how long.
    fn longest(&mut self, now: Instant, waits: Vec<(String, String)>) -> Option<(String, Duration)> {
        self.0.retain(|(who, text, _)| waits.iter().any(|(other, what)| (other, what) == (who, text)));
        for (who, text) in waits {
            if !self.0.iter().any(|(other, ..)| *other == who) {
                self.0.push((who, text, now));
            }
        }
        let (_, text, since) =
            self.0.iter().filter(|(_, text, _)| !text.is_empty()).min_by_key(|(.., since)| *since)?;
        Some((text.clone(), now.duration_since(*since)))
    }
}

/// Does this work, and says meanwhile how far it is, and what it waits for where that takes some time.
pub(super) fn while_it_waits<T>(now: impl Fn() -> Now + Send, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (over, is_over) = mpsc::channel::<()>();
        let watches = move || {
            let mut line = StatusLine::new();
            let mut since = Since::default();
            while is_over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                let Now { about, doing, waits } = now();
                let about = if about.is_empty() { about } else { format!("{about}: ") };
                match since.longest(Instant::now(), waits) {
                    Some((what, long)) if long >= PATIENCE => {
                        line.say(&format!("{about}waiting for {what} ({} s)", long.as_secs()));
                    }
                    _ => line.show(&format!("{about}{doing}")),
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
            let waits = waits.iter().map(|(place, text)| (place.to_string(), text.to_string())).collect();
            since.longest(at(second), waits).map(|(text, long)| (text, long.as_secs()))
        };
        assert_eq!(longest(0, &[(0, "a"), (1, "")]), Some(("a".to_string(), 0)));
        assert_eq!(longest(3, &[(0, "a"), (1, "b")]), Some(("a".to_string(), 3)));
        assert_eq!(longest(4, &[(0, "c"), (1, "b")]), Some(("b".to_string(), 1)));
        assert_eq!(longest(9, &[(0, "c")]), Some(("c".to_string(), 5)));
        assert_eq!(longest(9, &[(2, "")]), None);
    }
}
