//! Tells a performance on one screen: the same text in every run.

mod bytes;
pub(crate) mod changes;
mod live;
mod marks;
mod order;
pub(crate) mod paint;
mod streams;
mod teller;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::lesson::experiment::Experiment;
use crate::performance::Performance;
use crate::record::Cast;
use crate::story::paint::paint;
use crate::verdict::Verdict;

pub(crate) use bytes::{brief, count};
pub(crate) use live::live;
pub(crate) use marks::marked;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ODD: Style = AnsiColor::Yellow.on_default().bold();

/// Name and question of an experiment.
pub(crate) fn title(experiment: &Experiment) -> String {
    format!("{}  {}\n", paint(BOLD, experiment.name), experiment.question)
}

/// Everything about one performance.
pub(crate) fn performance(experiment: &Experiment, performance: &Performance, wire: bool) -> String {
    let mut text = String::new();
    let cast = performance.cast;
    let source = match cast {
        Cast::Broken => experiment.twins.broken.path(),
        Cast::Fixed => experiment.twins.fixed.path(),
        Cast::Finished => "the finished program of the lesson".to_string(),
        Cast::Yours(role) => format!("your {}", role.name()),
    };
    let _ = writeln!(text, "\n  {}  {}", paint(BOLD, cast.name()), paint(DIM, &source));
    text += &teller::events(experiment, &performance.record, wire);
    let _ = match &performance.verdict {
        Ok(verdict) => writeln!(text, "  {}", sentence(cast, verdict)),
        Err(error) => {
            let word = match cast {
                Cast::Yours(_) => "no verdict:",
                _ => "no verdict, the lab failed:",
            };
            writeln!(text, "  {} {error:#}", paint(ODD, word))
        }
    };
    text
}

fn sentence(cast: Cast, verdict: &Verdict) -> String {
    let word = match (cast, verdict) {
        (Cast::Broken, Verdict::AsDocumented(_)) => paint(BAD, "breaks:"),
        (_, Verdict::AsDocumented(_) | Verdict::Holds(_)) => paint(GOOD, "holds:"),
        (_, Verdict::Breaks(_)) => paint(BAD, "breaks:"),
        (_, Verdict::Unexpected(_)) => paint(ODD, "unexpected:"),
        (_, Verdict::NoVerdict(_)) => paint(ODD, "no verdict:"),
        (_, Verdict::Void(_)) => paint(ODD, "void, the trap could not be laid:"),
        (_, Verdict::Skipped(_)) => paint(ODD, "skipped:"),
    };
    format!("{word} {}", verdict.why())
}

/// The size of the difference and how to see it.
pub(crate) fn difference(lesson: &str, experiment: &Experiment) -> String {
    let changed = changes::count(experiment.twins.broken.text, experiment.twins.fixed.text);
    let lines = if changed == 1 { "line" } else { "lines" };
    let command = format!("cargo run -p {lesson} -- diff {}", experiment.name);
    format!("\n  {}  {changed} {lines} of difference: {command}\n", paint(BOLD, "cure"))
}
