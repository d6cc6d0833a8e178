//! `check`: a program of one's own on the stage.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::waiting::{StatusLine, while_it_waits};
use super::{code, named, print};
use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::performance::{Checked, Waits, check as perform_check};
use crate::process::launch::Yours;
use crate::record::Role;
use crate::rules::Form;
use crate::story::page::Page;
use crate::story::{self, Told, View};

pub(super) fn check(lesson: &Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let experiment = named(lesson, matches)?;
    let role = match (matches.get_flag("server"), matches.get_flag("client")) {
        (true, _) => Role::Server,
        (_, true) => Role::Client,
        _ => bail!("say which side your program takes: --server or --client"),
    };
    if let Err(reason) = experiment.check.allows(role) {
        bail!("{} takes no {} of your own: {reason}", experiment.name, role.name());
    }
    let command: Vec<String> = matches.get_many("command").context("no command")?.cloned().collect();
    let yours = Yours { role, command };
    let forms = forms(experiment, role);
    let waits = Waits::default();
    let checked =
        while_it_waits("", &waits, &mut StatusLine::new(), || perform_check(experiment, &forms, &yours, &waits));
    if matches.get_flag("json") {
        print(&format!("{:#}\n", to_json(lesson, experiment, role, &forms, &checked)))?;
        return Ok(code(checked.holds()));
    }
    let told = Told { lesson: lesson.name, experiment, role, forms: &forms, next: next(lesson, experiment, role) };
    print(&story::checked(&told, &checked, view(matches)))?;
    Ok(code(checked.holds()))
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
fn forms(experiment: &Experiment, role: Role) -> Vec<Form> {
    let mut forms = (experiment.forms)(role);
    if forms.is_empty() {
        forms.push(Form::new("as the chapter tells it", experiment.play));
    }
    forms
}

/// What came of each form and which rules were violated there.
fn to_json(lesson: &Lesson, experiment: &Experiment, role: Role, forms: &[Form], checked: &Checked) -> Value {
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
