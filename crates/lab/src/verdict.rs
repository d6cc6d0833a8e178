//! What came of a performance.

use std::fmt;

use crate::record::Cast;

/// What a judge saw. Every text is one sentence, the same in every run.
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
    /// What is documented of this cast; for *yours*: it held.
    AsDocumented(String),
    /// Something else.
    Surprise(String),
    /// The trap could not be laid.
    Void(String),
    /// This machine cannot show it.
    Skipped(String),
}

impl Verdict {
    /// What a finding means for a cast.
    pub(crate) fn of(cast: Cast, finding: Finding) -> Verdict {
        match (cast, finding) {
            (Cast::Broken, Finding::Broke(why)) => Verdict::AsDocumented(why),
            (Cast::Fixed | Cast::Finished | Cast::Yours(_), Finding::Held(why)) => Verdict::AsDocumented(why),
            (_, Finding::Broke(why) | Finding::Held(why) | Finding::Other(why)) => Verdict::Surprise(why),
        }
    }

    /// The word used in JSON and in counts.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::AsDocumented(_) => "as documented",
            Verdict::Surprise(_) => "surprise",
            Verdict::Void(_) => "void",
            Verdict::Skipped(_) => "skipped",
        }
    }

    /// Its sentence.
    pub fn why(&self) -> &str {
        match self {
            Verdict::AsDocumented(why) | Verdict::Surprise(why) | Verdict::Void(why) | Verdict::Skipped(why) => why,
        }
    }
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
