//! What a wire and its lesson require, as rules over the record; one mechanism for every cast.
//!
//! ```text
//!   form.rs    one form of a trap: its play, its rules, how it is known that it struck
//!   always.rs  what counts in every form: nobody hangs, spins, crashes, prints without end or leaves a stream open
//!   wire.rs    rules about bytes: which ones, in which direction, not before what, who ends what
//! ```
//!
//! `breaks`: a rule was seen violated. `holds`: the trap struck and every rule was seen kept. Anything else is no verdict.

mod always;
mod form;
pub mod wire;

use crate::record::{Record, Role};

pub use form::{Allowed, Form};

/// What a look at the record says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The record shows that it was kept.
    Kept,
    /// The record shows that it was violated: what was seen, as a sentence without a full stop.
    Violated(String),
    /// The record does not tell: why not, and what would.
    Unknown(String),
}

impl Seen {
    /// Kept if this is true, else violated with this sentence.
    pub fn kept_if(kept: bool, otherwise: impl Into<String>) -> Seen {
        if kept { Seen::Kept } else { Seen::Violated(otherwise.into()) }
    }
}

type Look = Box<dyn Fn(&Record) -> Seen + Send + Sync>;

/// One thing that a wire or a lesson requires.
pub struct Rule {
    /// The name in `--json` and in the tests of the judge: `not-before`.
    pub name: &'static str,
    /// What is required, one clause: `the answer is the frame that was sent`.
    pub requires: String,
    /// What a program that violates it most likely does wrong, and what to do.
    pub hint: Option<String>,
    look: Look,
}

impl Rule {
    /// A rule with this name; `look` says what a record shows of it.
    pub fn new(
        name: &'static str,
        requires: impl Into<String>,
        look: impl Fn(&Record) -> Seen + Send + Sync + 'static,
    ) -> Rule {
        Rule { name, requires: requires.into(), hint: None, look: Box::new(look) }
    }

    /// What a program that violates it most likely does wrong, and what to do: told as `hint:`.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Rule {
        self.hint = Some(text.into());
        self
    }

    /// What a record shows of this rule.
    pub fn look(&self, record: &Record) -> Seen {
        (self.look)(record)
    }
}

/// A rule that was violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the rule.
    pub rule: &'static str,
    /// What was seen.
    pub seen: String,
    /// What to do, where the rule says so.
    pub hint: Option<String>,
}

/// What the rules of a form say of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The rules that were violated, the one that explains most first.
    pub violations: Vec<Violation>,
    /// Why a rule could not be judged, or why the trap is not known to have struck.
    pub unknown: Option<String>,
    /// What the rules that were seen kept require.
    pub kept: Vec<String>,
}

impl Form {
    /// What the rules say of a record in which a program of one's own, or our twin, takes this side.
    pub fn judge(&self, side: Role, record: &Record) -> Judgement {
        let mut judgement = Judgement::default();
        let [first, last] = always::rules(side, self.allowed());
        for rule in first.iter().chain(self.rules()).chain(&last) {
            match rule.look(record) {
                Seen::Kept if rule.requires.is_empty() => {}
                Seen::Kept => judgement.kept.push(rule.requires.clone()),
                Seen::Violated(seen) => {
                    judgement.violations.push(Violation { rule: rule.name, seen, hint: rule.hint.clone() });
                }
                Seen::Unknown(why) => {
                    judgement.unknown.get_or_insert(why);
                }
            }
        }
        if let Err(why) = self.struck(record) {
            judgement.unknown.get_or_insert(why);
        }
        judgement
    }
}
