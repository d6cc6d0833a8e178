//! Keeps `docs/` and `README.md` true.
//!
//! The chapters are plain Markdown, complete when read raw. What can be copied is copied by machine: a *block* is a
//! comment on a line of its own, and right below it a fence or a table that is computed from the comment.
//!
//! | comment | what stands below it |
//! |---|---|
//! | `<!-- source: PATH -->` | the whole file; PATH is seen from the top of the workspace |
//! | `<!-- source: PATH line "TEXT" -->` | the one line that begins with TEXT |
//! | `<!-- source: PATH from "TEXT" to "TEXT" -->` | the line that begins with the first TEXT, up to the next line with the same indentation that begins with the second |
//! | `<!-- diff: NAME -->` | how `broken.rs` and `fixed.rs` of an experiment of this chapter differ |
//! | `<!-- run: cargo run -p LESSON -- ... -->` | the command and everything that it prints; its exit status must be 0 |
//! | `<!-- run exit 1: ... -->` | the same with another exit status |
//! | `<!-- table: experiments of LESSON -->` | name and question of every experiment, linked to its section |
//! | `<!-- table: lessons -->` | every chapter, and what a learner sees who needs it |
//!
//! Indentation before TEXT does not count, and common indentation is taken away. A TEXT that is not found, or found
//! twice, is a mistake. A fence may be missing, or carry a language of its own.
//!
//! `cargo test -p book` computes every block again and fails with the difference; `BLESS=1 cargo test -p book` writes
//! the blocks instead, and begins what is missing: a chapter for every lesson, a section for every experiment, with
//! `TODO` where a person has to write. The same test checks the links, and that crates, chapters and experiments belong
//! together: see [`check()`].

mod blocks;
mod check;
mod lessons;
mod markdown;

use std::fmt;

pub use check::{Mode, check};
pub use lessons::{Built, Lessons, Printed};

/// Something in the documents that is not true, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The document, seen from the top of the workspace.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A Markdown file.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Seen from the top of the workspace, with `/` on every system.
    path: String,
    text: String,
}

impl Document {
    fn mistake(&self, line: usize, what: impl Into<String>) -> Mistake {
        Mistake { file: self.path.clone(), line, what: what.into() }
    }

    /// `lesson-05-framing` when this is `docs/05-framing.md`.
    fn lesson(&self) -> Option<String> {
        let name = self.path.strip_prefix("docs/")?.strip_suffix(".md")?;
        let (number, rest) = name.split_once('-')?;
        let numbered = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty();
        numbered.then(|| format!("lesson-{name}"))
    }
}
