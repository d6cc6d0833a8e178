//! What `check` prints: the wire, the performance that is told, the verdict, and what to do next.

use std::fmt::Write as _;

use super::page::Page;
use super::timeline::{View, timeline};
use super::{BAD, BOLD, DIM, GOOD, ODD, marks, misread, title};
use crate::lesson::experiment::Experiment;
use crate::performance::Checked;
use crate::record::Role;
use crate::rules::Form;
use crate::story::paint::paint;
use crate::verdict::Verdict;

/// What a check is told with.
pub(crate) struct Told<'a> {
    /// The crate of the lesson.
    pub(crate) lesson: &'a str,
    pub(crate) experiment: &'a Experiment,
    pub(crate) role: Role,
    pub(crate) forms: &'a [Form],
    /// The next experiment of the lesson that takes this side.
    pub(crate) next: Option<&'a str>,
}

/// The wire that a program of one's own has to speak; nothing where the experiment does not say.
fn wire(page: Page, experiment: &Experiment) -> String {
    if experiment.wire.is_empty() {
        return String::new();
    }
    let mut text = format!("\n  {}\n", paint(BOLD, "wire"));
    for line in experiment.wire {
        let hanging = if line.starts_with("->") || line.starts_with("<-") { 7 } else { 4 };
        let _ = writeln!(text, "    {}", page.prose(line, 4, hanging));
    }
    text
}

/// The wire of an experiment and the trap that its chapter tells: what is known before anybody performs.
pub(crate) fn trap(page: Page, experiment: &Experiment) -> String {
    let sides = [Role::Server, Role::Client].into_iter().filter(|role| experiment.check.allows(*role).is_ok());
    let form = sides.flat_map(experiment.forms).next();
    let trap = form.map(|form| format!("\n  {}\n    {}\n", paint(BOLD, "trap"), page.prose(&form.name, 4, 4)));
    wire(page, experiment) + &trap.unwrap_or_default()
}

/// The section of the chapter about an experiment, seen from the top of the workspace. Its heading is the name of the
/// experiment, so its anchor is as well.
pub(crate) fn section(lesson: &str, experiment: &str) -> Option<String> {
    Some(format!("docs/{}.md#{experiment}", lesson.strip_prefix("lesson-")?))
}

/// A program of one's own under the forms of a trap, on one screen.
pub(crate) fn checked(told: &Told<'_>, checked: &Checked, view: View) -> String {
    let page = view.page;
    let performance = checked.performance();
    let mut text = title(told.experiment) + &wire(page, told.experiment);
    let who = format!("your {}", told.role.name());
    let form = told.forms.get(checked.told).filter(|_| told.forms.len() > 1);
    let form = form.map(|form| format!(", in form {} of {}: {}", checked.told + 1, told.forms.len(), form.name));
    let _ = writeln!(text, "\n  {}{}", paint(BOLD, &who), paint(DIM, &form.unwrap_or_default()));
    text += &timeline(told.experiment, &performance.record, view);
    let say = |style, word: &str, sentence: &str| {
        format!("  {} {}\n", paint(style, word), page.prose(sentence, 3 + word.len(), 4))
    };
    match &performance.verdict {
        Ok(Verdict::Holds(kept)) => {
            let forms = match told.forms.len() {
                1 => "in the one form of the trap".to_string(),
                forms => format!("in {forms} forms of the trap"),
            };
            text += &say(GOOD, "holds:", &forms);
            let names: Vec<&str> = told.forms.iter().map(|form| form.name.as_str()).collect();
            let _ = writeln!(text, "    forms: {}", page.prose(&names.join("; "), 11, 11));
            let _ = writeln!(text, "    kept:  {}", page.prose(kept, 11, 11));
        }
        Ok(Verdict::Breaks(why)) => {
            text += &say(BAD, "breaks:", why);
            if let Some(form) = told.forms.get(checked.told) {
                text += &marks::marked(page, form.expected(), &performance.record);
            }
            text += &misread::two_readings(page, told.experiment, &performance.record);
        }
        Ok(verdict) => text += &say(ODD, &format!("{}:", verdict.word()), verdict.why()),
        Err(error) => text += &say(ODD, "no verdict:", &format!("{error:#}")),
    }
    text += "\n";
    if let Some(hint) = hint(checked) {
        let _ = writeln!(text, "  hint: {}", page.prose(hint, 8, 8));
    }
    if let Some(section) = section(told.lesson, told.experiment.name) {
        let _ = writeln!(text, "  see:  {section}");
    }
    if checked.holds() {
        let next = match told.next {
            Some(next) => format!("check {next}"),
            None => format!("check all --{}, as this is the last one that takes a {0}", told.role.name()),
        };
        let _ = writeln!(text, "  next: {next}");
    }
    text
}

/// What to do: the hint of the first rule that has one, or what helps where the trap could not be laid.
fn hint(checked: &Checked) -> Option<&str> {
    let performance = checked.performance();
    match &performance.verdict {
        // A crash, say, has none of its own, but what led to it may have.
        Ok(Verdict::Breaks(_)) => performance.judgement.as_ref()?.violations.iter().find_map(|it| it.hint.as_deref()),
        Ok(Verdict::NoVerdict(why)) if why.starts_with("the trap could not be laid") => Some(
            "check it once more; if this comes again, the rows above show how far your program came before the trap",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_of_an_experiment_is_in_the_chapter_of_its_lesson() {
        let section = section("lesson-05-framing", "split-header");
        assert_eq!(section.as_deref(), Some("docs/05-framing.md#split-header"));
        assert_eq!(super::section("rehearsal", "mute"), None);
    }
}
