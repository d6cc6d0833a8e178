//! What came of a performance.

use std::fmt;

use crate::record::Cast;
use crate::rules::Judgement;

/// What the judge of our own casts saw. Every text is one sentence, the same in every run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It broke in the documented way.
    Broke(String),
    /// It held.
    Held(String),
    /// Neither: something that the experiment does not document.
    Other(String),
}

/// What came of one performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What is documented of this cast.
    AsDocumented(String),
    /// Something else.
    Unexpected(String),
    /// A program of one's own, which violated a rule: what was seen.
    Breaks(String),
    /// A program of one's own: the trap struck and every rule was seen kept.
    Holds(String),
    /// A program of one's own of which this trap says nothing: why, and what to do.
    NoVerdict(String),
    /// The trap could not be laid.
    Void(String),
    /// This machine cannot show it.
    Skipped(String),
}

impl Verdict {
    /// What a finding means for one of our own casts, and the rules with it: broken has to violate one, the others none.
    pub(crate) fn of(cast: Cast, finding: Finding, rules: Option<&Judgement>) -> Verdict {
        let violation = rules.and_then(|rules| rules.violations.first());
        let unknown = rules.and_then(|rules| rules.unknown.as_ref());
        match (cast, finding, violation, unknown) {
            (Cast::Broken, Finding::Broke(why), None, _) if rules.is_some() => {
                Verdict::Unexpected(format!("{why}; and yet no rule was violated"))
            }
            (Cast::Fixed, Finding::Held(why), Some(violation), _) => Verdict::Unexpected(format!(
                "{why}; and yet the rule {} was violated: {}",
                violation.rule, violation.seen
            )),
            (Cast::Fixed, Finding::Held(why), None, Some(unknown)) => {
                Verdict::Unexpected(format!("{why}; and yet the rules cannot tell: {unknown}"))
            }
            (Cast::Broken, Finding::Broke(why), ..) => Verdict::AsDocumented(why),
            (Cast::Fixed | Cast::Finished, Finding::Held(why), ..) => Verdict::AsDocumented(why),
            (_, Finding::Broke(why) | Finding::Held(why) | Finding::Other(why), ..) => Verdict::Unexpected(why),
        }
    }

    /// What the rules of a form say of a program of one's own.
    pub(crate) fn by_rules(judgement: &Judgement) -> Verdict {
        if let Some(violation) = judgement.violations.first() {
            return Verdict::Breaks(violation.seen.clone());
        }
        match &judgement.unknown {
            Some(why) => Verdict::NoVerdict(why.clone()),
            None if judgement.kept.is_empty() => Verdict::NoVerdict("no rule could be looked at".to_string()),
            None => Verdict::Holds(judgement.kept.join("; ")),
        }
    }

    /// The word used in JSON and in counts.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::AsDocumented(_) => "as documented",
            Verdict::Unexpected(_) => "unexpected",
            Verdict::Breaks(_) => "breaks",
            Verdict::Holds(_) => "holds",
            Verdict::NoVerdict(_) => "no verdict",
            Verdict::Void(_) => "void",
            Verdict::Skipped(_) => "skipped",
        }
    }

    /// Its sentence.
    pub fn why(&self) -> &str {
        match self {
            Verdict::AsDocumented(why)
            | Verdict::Unexpected(why)
            | Verdict::Breaks(why)
            | Verdict::Holds(why)
            | Verdict::NoVerdict(why)
            | Verdict::Void(why)
            | Verdict::Skipped(why) => why,
        }
    }
}

/// Whether what this machine cannot show is a failure: a machine that has to show everything sets `LAB_NO_SKIPS`.
pub(crate) fn skips_are_failures() -> bool {
    std::env::var_os("LAB_NO_SKIPS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// The trap could not be laid, so there is no verdict; the performance is repeated and counted.
#[derive(Debug)]
pub struct Void(pub String);

impl fmt::Display for Void {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Void {}
