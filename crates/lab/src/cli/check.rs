//! `check`: a program of one's own on the stage.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{code, named, print};
use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::performance::{Checked, check as perform_check};
use crate::process::launch::Yours;
use crate::record::Role;
use crate::rules::Form;
use crate::story;
use crate::verdict::Verdict;

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
    let checked = perform_check(experiment, &forms, &yours, |_| {});
    if matches.get_flag("json") {
        print(&format!("{:#}\n", to_json(experiment, role, &forms, &checked)))?;
        return Ok(code(checked.holds()));
    }
    let performance = checked.performance();
    print(&story::title(experiment))?;
    print(&story::performance(experiment, performance, matches.get_flag("wire")))?;
    if matches!(performance.verdict, Ok(Verdict::Breaks(_))) {
        print(&story::marked(forms[checked.told].expected(), &performance.record))?;
    }
    Ok(code(checked.holds()))
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
fn to_json(experiment: &Experiment, role: Role, forms: &[Form], checked: &Checked) -> Value {
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
        "told": checked.told, "forms": performed,
    })
}
