//! `check`: a program of one's own on the stage.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context;
use clap::ArgMatches;
use serde_json::{Value, json};

use super::usage::Usage;
use super::waiting::{Now, while_it_waits};
use super::{all, code, named, print};
use crate::lesson::Lesson;
use crate::lesson::experiment::{Check, Experiment};
use crate::performance::{Checked, Waits, check as perform_check};
use crate::process::launch::Yours;
use crate::record::Role;
use crate::rules::Form;
use crate::story::page::Page;
use crate::story::{self, Told, View};

pub(super) fn check(lesson: &'static Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let command: Vec<OsString> = matches.get_many("command").context("no command")?.cloned().collect();
    let all = matches.get_one::<String>("name").is_some_and(|name| name == "all");
    let asked = [("server", Role::Server), ("client", Role::Client)];
    let asked = asked.into_iter().find(|(flag, _)| matches.get_flag(flag)).map(|(_, role)| role);
    let json = matches.get_flag("json");
    if all {
        let role = side("this lesson", lesson.experiments.iter().map(|experiment| &experiment.check), asked)?;
        return all::check_all(lesson, &Yours { role, command }, json);
    }
    let experiment = named(lesson, matches)?;
    let role = side(experiment.name, [&experiment.check], asked)?;
    let yours = Yours { role, command };
    let forms = forms(experiment, role);
    let waits = Waits::default();
    let checked = while_it_waits(|| Now::of(&waits), || perform_check(experiment, &forms, &yours, &waits));
    if json {
        print(&format!("{:#}\n", to_json(lesson, experiment, role, &forms, &checked)))?;
        return Ok(code(checked.holds()));
    }
    let told = Told { lesson: lesson.name, experiment, role, forms: &forms, next: next(lesson, experiment, role) };
    print(&story::checked(&told, &checked, view(matches)))?;
    Ok(code(checked.holds()))
}

/// The side that a program takes: the one that was asked for, or the only one that is possible.
fn side<'a>(whose: &str, checks: impl IntoIterator<Item = &'a Check>, asked: Option<Role>) -> Result<Role, Usage> {
    let checks: Vec<&Check> = checks.into_iter().collect();
    let possible = |role: &Role| checks.iter().any(|check| check.allows(*role).is_ok());
    let roles: Vec<Role> = [Role::Server, Role::Client].into_iter().filter(possible).collect();
    match (&roles[..], asked) {
        ([], _) => Err(Usage(match checks[..] {
            [Check::No(reason)] => format!("{whose} takes no program of yours: {reason}"),
            _ => format!("{whose} takes no program of yours"),
        })),
        ([only], None) => Ok(*only),
        (roles, Some(role)) if roles.contains(&role) => Ok(role),
        ([only, ..], Some(_)) => Err(Usage(format!("{whose} takes a {0}: add --{0}", only.name()))),
        (_, None) => Err(Usage(format!("{whose} takes a server or a client: add --server or --client"))),
    }
}

/// How much of the performance is told.
fn view(matches: &ArgMatches) -> View {
    let [wire, output, all] = ["wire", "output", "timeline"].map(|flag| matches.get_flag(flag));
    View { page: Page::of_stdout(), wire, output, all: all || output || wire }
}

/// The next experiment of the lesson that takes a program on this side.
fn next(lesson: &Lesson, experiment: &Experiment, role: Role) -> Option<&'static str> {
    let others = lesson.experiments.iter().skip_while(|other| other.name != experiment.name).skip(1);
    others.filter(|other| other.check.allows(role).is_ok()).map(|other| other.name).next()
}

/// The forms of a trap for this side. An experiment that states none has the one that its chapter tells, and only what
/// counts everywhere counts.
pub(super) fn forms(experiment: &Experiment, role: Role) -> Vec<Form> {
    let mut forms = (experiment.forms)(role);
    if forms.is_empty() {
        forms.push(Form::new("as the chapter tells it", experiment.play));
    }
    forms
}

/// What came of each form and which rules were violated there.
pub(super) fn to_json(
    lesson: &Lesson,
    experiment: &Experiment,
    role: Role,
    forms: &[Form],
    checked: &Checked,
) -> Value {
    let form = |(form, performance): (&Form, &crate::Performance)| {
        let (verdict, why) = performance.word_and_why();
        let judgement = performance.judgement.clone().unwrap_or_default();
        let violations: Vec<Value> = judgement
            .violations
            .iter()
            .map(|violation| json!({ "rule": violation.rule, "seen": violation.seen, "hint": violation.hint }))
            .collect();
        let rules: Vec<&str> = form.rules().iter().map(|rule| rule.name).collect();
        json!({
            "form": form.name, "verdict": verdict, "why": why, "rules": rules, "violations": violations,
            "kept": judgement.kept, "unknown": judgement.unknown, "record": performance.record.to_json(),
        })
    };
    let (verdict, why) = checked.performance().word_and_why();
    let performed: Vec<Value> = forms.iter().zip(&checked.performances).map(form).collect();
    json!({
        "experiment": experiment.name, "side": role.name(), "verdict": verdict, "why": why,
        "told": checked.told, "see": story::section(lesson.name, experiment.name), "forms": performed,
    })
}
