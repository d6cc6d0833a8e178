//! `check all`: one program in every experiment of a lesson that takes it, and a table.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use super::check::{forms, to_json};
use super::waiting::{Now, while_it_waits};
use super::{code, print};
use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::performance::{Checked, Waits, check as perform_check};
use crate::poll::lock;
use crate::process::guard::LastWords;
use crate::process::launch::Yours;
use crate::rules::Form;
use crate::story::{self, Line, page::Page};

/// Experiments that perform at the same time, each in several forms: most of a performance is waiting.
const AT_ONCE: usize = 2;

/// One experiment of the table.
struct Entry {
    experiment: &'static Experiment,
    forms: Vec<Form>,
    waits: Waits,
    checked: Mutex<Option<Checked>>,
}

pub(super) fn check_all(lesson: &'static Lesson, yours: &Yours, json: bool) -> anyhow::Result<ExitCode> {
    let experiments = lesson.experiments.iter().filter(|experiment| experiment.check.allows(yours.role).is_ok());
    let entries: Vec<Entry> = experiments
        .map(|experiment| Entry {
            experiment,
            forms: forms(experiment, yours.role),
            waits: Waits::default(),
            checked: Mutex::default(),
        })
        .collect();
    // What Ctrl-C leaves: the experiments that are through.
    let so_far: &'static Mutex<Vec<Line>> = Box::leak(Box::default());
    let last_words = LastWords::new(move || {
        let table = story::table(Page::of_stdout(), &lock(so_far));
        // There is nobody any more to whom an error could be told.
        let _ = print(&table);
    });
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let checked = perform_check(entry.experiment, &entry.forms, yours, &entry.waits);
            if !json {
                lock(so_far).push(line(entry.experiment, &checked));
            }
            *lock(&entry.checked) = Some(checked);
        }
    };
    while_it_waits(
        || now(&entries),
        || {
            thread::scope(|scope| {
                for _ in 1..AT_ONCE.min(entries.len()) {
                    // Where the system has no more threads, fewer do.
                    let _ = thread::Builder::new().spawn_scoped(scope, work);
                }
                work();
            });
        },
    );
    drop(last_words);
    let mut holds = true;
    let (mut lines, mut objects) = (Vec::new(), Vec::new());
    for entry in &entries {
        let checked = lock(&entry.checked);
        let Some(checked) = checked.as_ref() else { continue };
        holds &= checked.holds();
        if json {
            objects.push(to_json(lesson, entry.experiment, yours.role, &entry.forms, checked));
        } else {
            lines.push(line(entry.experiment, checked));
        }
    }
    print(&if json { format!("{:#}\n", Value::Array(objects)) } else { story::table(Page::of_stdout(), &lines) })?;
    Ok(code(holds))
}

fn line(experiment: &Experiment, checked: &Checked) -> Line {
    let (verdict, why) = checked.performance().word_and_why();
    let why = match checked.performances.len() {
        forms if checked.holds() && forms > 1 => format!("in {forms} forms of the trap"),
        _ => why,
    };
    Line { experiment: experiment.name, verdict, why, holds: checked.holds() }
}

/// How far the table is, and what is waited for.
fn now(entries: &[Entry]) -> Now {
    let through = entries.iter().filter(|entry| lock(&entry.checked).is_some()).count();
    let mut waits = Vec::new();
    let mut performing = Vec::new();
    for entry in entries {
        let its = entry.waits.now();
        if !its.is_empty() {
            performing.push(entry.experiment.name);
        }
        let name = entry.experiment.name;
        waits.extend(its.into_iter().map(|(form, what)| match what.is_empty() {
            true => (format!("{name} {form}"), what),
            false => (format!("{name} {form}"), format!("{what}, in {name}")),
        }));
    }
    Now { about: format!("{through} of {}", entries.len()), doing: performing.join(", "), waits }
}
