//! Tells a performance on one screen.
//!
//! ```text
//!   teller.rs    the story of `run`, the same text in every run       order.rs    its order
//!   timeline.rs  the record in the order in which it happened         output.rs   which printed lines are told
//!   checked.rs   what `check` prints around a timeline                marks.rs    expected and got
//!   table.rs     the table of `check all`                             live.rs     what `trap` hands on
//!   changes.rs   how broken and fixed differ                          misread.rs  bytes as meant, and as read
//!   bytes.rs, streams.rs, page.rs, paint.rs   text
//! ```

mod bytes;
pub(crate) mod changes;
mod checked;
mod live;
mod marks;
mod misread;
mod order;
mod output;
pub(crate) mod page;
pub(crate) mod paint;
mod streams;
mod table;
mod teller;
mod timeline;

use anstyle::{AnsiColor, Style};

use crate::kernel;
use crate::lesson::experiment::Experiment;
use crate::performance::Performance;
use crate::record::Cast;
use crate::story::page::Page;
use crate::story::paint::paint;
use crate::verdict::Verdict;

pub(crate) use bytes::{brief, count};
pub(crate) use checked::{Told, checked, section, trap};
pub(crate) use live::live;
pub(crate) use table::{Line, table};
pub(crate) use timeline::View;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ODD: Style = AnsiColor::Yellow.on_default().bold();

/// Columns of a table in a story, whose rows are as they are everywhere.
const WIDE: usize = 110;

/// What a gate says of who reads there. Where the kernel does not show what lies in its queues, a gate is only a pause.
fn gate(reader: impl std::fmt::Display) -> String {
    if kernel::sees_sockets() {
        format!("(the {reader} has read this before more is sent)")
    } else {
        format!("(a pause, in which the {reader} can read this)")
    }
}

/// Name and question of an experiment.
pub(crate) fn title(experiment: &Experiment) -> String {
    format!("{}  {}\n", paint(BOLD, experiment.name), experiment.question)
}

/// Everything about one performance of our own casts, as the chapters tell it.
pub(crate) fn performance(experiment: &Experiment, performance: &Performance, wire: bool) -> String {
    heading(experiment, performance.cast)
        + &teller::events(experiment, &performance.record, wire)
        + &sentence(performance, None)
        + &readings(experiment, performance, Page { columns: WIDE, wraps: false }, wire)
}

/// Everything about one performance of our own casts, in the order in which it happened.
pub(crate) fn in_time(experiment: &Experiment, performance: &Performance, view: View) -> String {
    heading(experiment, performance.cast)
        + &timeline::timeline(experiment, &performance.record, view)
        + &sentence(performance, Some(view.page))
        + &readings(experiment, performance, view.page, view.wire)
}

/// What broken read the bytes as, where the names of bytes are asked for.
fn readings(experiment: &Experiment, performance: &Performance, page: Page, wire: bool) -> String {
    match performance.cast {
        Cast::Broken if wire => misread::two_readings(page, experiment, &performance.record),
        _ => String::new(),
    }
}

fn heading(experiment: &Experiment, cast: Cast) -> String {
    let source = match cast {
        Cast::Broken => experiment.twins.broken.path(),
        Cast::Fixed => experiment.twins.fixed.path(),
        Cast::Finished => "the finished program of the lesson".to_string(),
        Cast::Yours(role) => format!("your {}", role.name()),
    };
    format!("\n  {}  {}\n", paint(BOLD, cast.name()), paint(DIM, &source))
}

/// The verdict in one line, or wrapped at a page.
fn sentence(performance: &Performance, page: Option<Page>) -> String {
    let verdict = match &performance.verdict {
        Ok(verdict) => verdict,
        Err(error) => return format!("  {} {error:#}\n", paint(ODD, "no verdict, the lab failed:")),
    };
    let (style, word) = match (performance.cast, verdict) {
        (Cast::Broken, Verdict::AsDocumented(_)) | (_, Verdict::Breaks(_)) => (BAD, "breaks:"),
        (_, Verdict::AsDocumented(_) | Verdict::Holds(_)) => (GOOD, "holds:"),
        (_, Verdict::Unexpected(_)) => (ODD, "unexpected:"),
        (_, Verdict::NoVerdict(_)) => (ODD, "no verdict:"),
        (_, Verdict::Void(_)) => (ODD, "void, the trap could not be laid:"),
        (_, Verdict::Skipped(_)) => (ODD, "skipped:"),
    };
    let why = verdict.why();
    let why = page.map_or_else(|| why.to_string(), |page| page.prose(why, word.len() + 3, 4));
    format!("  {} {why}\n", paint(style, word))
}

/// The size of the difference and how to see it.
pub(crate) fn difference(lesson: &str, experiment: &Experiment) -> String {
    let changed = changes::count(experiment.twins.broken.text, experiment.twins.fixed.text);
    let lines = if changed == 1 { "line" } else { "lines" };
    let command = format!("cargo run -p {lesson} -- diff {}", experiment.name);
    format!("\n  {}  {changed} {lines} of difference: {command}\n", paint(BOLD, "cure"))
}
