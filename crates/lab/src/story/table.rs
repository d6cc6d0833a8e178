//! A table of verdicts.

use std::fmt::Write as _;

use super::page::{Page, cut, width};
use super::{BAD, GOOD, ODD};
use crate::story::paint::paint;

/// A line of the table.
pub(crate) struct Line {
    pub(crate) experiment: &'static str,
    pub(crate) verdict: &'static str,
    /// One sentence.
    pub(crate) why: String,
    pub(crate) holds: bool,
}

/// Rows in a pipe are as long as this.
const IN_A_PIPE: usize = 100;

/// Experiment, verdict and sentence, each cut at the width of the page, and how many hold.
pub(crate) fn table(page: Page, lines: &[Line]) -> String {
    let columns = if page.wraps { page.columns } else { IN_A_PIPE };
    let widest = |of: fn(&Line) -> &str, heading: &str| {
        lines.iter().map(|it| width(of(it))).max().unwrap_or(0).max(heading.len())
    };
    let (names, verdicts) = (widest(|it| it.experiment, "experiment"), widest(|it| it.verdict, "verdict"));
    let mut text = format!("{:<names$}  {:<verdicts$}  what was seen\n", "experiment", "verdict");
    for line in lines {
        let style = match line.verdict {
            "holds" => GOOD,
            "breaks" => BAD,
            _ => ODD,
        };
        let verdict = paint(style, line.verdict);
        let blanks = verdicts - width(line.verdict);
        let why = cut(&line.why, columns.saturating_sub(names + verdicts + 4));
        let _ = writeln!(text, "{:<names$}  {verdict}{:blanks$}  {why}", line.experiment, "");
    }
    let _ = writeln!(text, "\n{} of {} hold", lines.iter().filter(|line| line.holds).count(), lines.len());
    if let Some(line) = lines.iter().find(|line| !line.holds) {
        let _ = writeln!(text, "next: check {}", line.experiment);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_wider_than_the_page() {
        let line = |experiment, verdict: &'static str, why: &str| Line {
            experiment,
            verdict,
            why: why.to_string(),
            holds: verdict == "holds",
        };
        let lines = [
            line("short", "holds", "in 5 forms of the trap"),
            line("a-longer-name", "no verdict", &"why ".repeat(100)),
            line("wide", "breaks", &"我是多线程".repeat(20)),
        ];
        let told = anstream::adapter::strip_str(&table(Page { columns: 80, wraps: true }, &lines)).to_string();
        assert!(told.lines().all(|line| width(line) <= 80), "{told}");
        assert!(
            told.starts_with("experiment     verdict     what was seen\nshort          holds       in 5 forms"),
            "{told}"
        );
        assert!(told.ends_with("\n\n1 of 3 hold\nnext: check a-longer-name\n"), "{told}");
        let piped = table(Page { columns: 80, wraps: false }, &lines);
        assert!(piped.lines().any(|line| width(&anstream::adapter::strip_str(line).to_string()) > 90), "{piped}");
    }
}
