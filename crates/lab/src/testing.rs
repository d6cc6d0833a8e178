//! What the tests of every lesson need.

use std::process::{Command, Stdio};

use serde_json::Value;

/// What an experiment must say of its two casts, word for word.
pub struct Expected {
    /// The experiment.
    pub name: &'static str,
    /// How broken breaks.
    pub breaks: &'static str,
    /// How fixed holds.
    pub holds: &'static str,
}

/// Runs every experiment of a lesson and compares what the judges say with the table: broken must break in exactly the
/// documented way, fixed must hold, and no experiment may be missing from the table.
///
/// `program` is the lesson's binary: `env!("CARGO_BIN_EXE_lesson-05-framing")`. What this machine cannot show is
/// printed with its reason and passed over.
///
/// # Panics
///
/// When anything differs: the message lists every difference.
pub fn assert_verdicts(program: &str, table: &[Expected]) {
    let output =
        Command::new(program).args(["run", "--json"]).stdin(Stdio::null()).output().expect("the lesson starts");
    let experiments: Vec<Value> = serde_json::from_slice(&output.stdout).expect("the records are JSON");
    let mut wrong = Vec::new();
    for experiment in &experiments {
        let name = experiment["experiment"].as_str().unwrap_or_default();
        let Some(expected) = table.iter().find(|expected| expected.name == name) else {
            wrong.push(format!("{name}: not in the table of this test"));
            continue;
        };
        for (cast, sentence) in [("broken", expected.breaks), ("fixed", expected.holds)] {
            let performances = experiment["performances"].as_array().into_iter().flatten();
            let Some(performance) = performances.into_iter().find(|performance| performance["cast"] == cast) else {
                wrong.push(format!("{name}, {cast}: did not perform"));
                continue;
            };
            let (verdict, why) = (&performance["verdict"], performance["why"].as_str().unwrap_or_default());
            match verdict.as_str() {
                Some("skipped") => println!("{name}, {cast}: skipped: {why}"),
                Some("as documented") if why == sentence => {}
                _ => wrong.push(format!("{name}, {cast}\n  documented: {sentence}\n  {verdict}: {why}")),
            }
        }
    }
    for expected in table {
        if !experiments.iter().any(|experiment| experiment["experiment"] == expected.name) {
            wrong.push(format!("{}: in the table, but the lesson has no such experiment", expected.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
