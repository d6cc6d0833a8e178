//! Programs of strangers, each with the verdict that it must get: the tests of the judge itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use serde_json::Value;

use super::experiments;
use crate::kernel;
use crate::poll::lock;
use crate::verdict::skips_are_failures;

/// A rule that no program of the table violates alone, and why that cannot be had: experiment, side, rule, reason.
pub type Unneeded = (&'static str, &'static str, &'static str, &'static str);

/// A program that gets another verdict than its kind, and why that is right: experiment, side, program, reason.
pub type Exception = (&'static str, &'static str, &'static str, &'static str);

/// One program on the stage of one experiment.
struct Case {
    experiment: String,
    side: String,
    wanted: String,
    command: Vec<String>,
    why: String,
}

/// What came of a case.
struct Outcome {
    verdict: String,
    why: String,
    /// The rules that were violated in any form, and all that its forms have.
    violated: Vec<String>,
    rules: Vec<String>,
}

/// Puts every program of `folder/cases.tsv` on the stage of its experiment: each must get its verdict, each side that
/// `check` takes must have at least two programs that hold and two that do not, and each rule of an experiment must be the
/// only one that some program violates, so that without it a wrong program would hold.
///
/// A line of the table: experiment, side, verdict (`holds`, `breaks`, or `not-holds`, which is either of the others), command,
/// reason, separated by tabs. A command may begin with `c:FILE` or `java:FILE`. Programs of a language that is not installed
/// are skipped with a line that says so, or fail where `LAB_NO_SKIPS` is set. A program that got another verdict while others
/// were on their stages has a second look alone, and is named; with `LAB_TIMES` of more than 1 there is no second look.
///
/// # Panics
///
/// When anything differs: the message lists every difference.
pub fn assert_strangers(program: &str, folder: &str, unneeded: &[Unneeded]) {
    let folder = Path::new(folder);
    let table = fs::read_to_string(folder.join("cases.tsv")).expect("cases.tsv");
    let cases: Vec<Case> = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(case).collect();
    let (outcomes, mut wrong) = perform_all(program, folder, &cases);
    wrong.extend(too_few(program, &cases));
    wrong.extend(without_rules(&cases, &outcomes));
    let mut seen: Vec<Seen<'_>> =
        cases.iter().zip(&outcomes).filter_map(|(case, it)| Some((case, it.as_ref()?))).collect();
    if env::var_os("LAB_ONLY").is_none() && share().1 == 1 {
        // A program that hangs may be seen to violate one rule more, or one less, on a busy machine: those that could show
        // that a rule is needed are looked at once more before it is said not to be.
        let doubtful = not_needed(&seen, unneeded);
        let again: Vec<&Case> = cases
            .iter()
            .filter(|case| {
                case.wanted != "holds" && doubtful.iter().any(|key| key.0 == case.experiment && key.1 == case.side)
            })
            .collect();
        let built = Built::default();
        let more: Vec<(&Case, Outcome)> = again
            .into_iter()
            .filter_map(|case| Some((case, perform(program, folder, case, &built.command(folder, case)?))))
            .collect();
        seen.extend(more.iter().map(|(case, outcome)| (*case, outcome)));
        wrong.extend(not_needed(&seen, unneeded).into_iter().map(|(experiment, side, rule)| {
            format!("{experiment} --{side}: no program violates the rule {rule} alone, so its loss would not be seen")
        }));
        wrong.extend(needed_after_all(&seen, unneeded));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Puts the twins of every experiment on its stage as if a stranger had written them: broken must not hold and fixed must
/// hold in every form. `exceptions` name those that rightly do not: the program is `broken` or `fixed`.
///
/// # Panics
///
/// When anything differs: the message lists every difference.
pub fn assert_twins_as_strangers(program: &str, exceptions: &[Exception]) {
    let mut cases = Vec::new();
    for experiment in experiments(program, &["list", "--json"]) {
        for (name, side) in sides(&experiment, "twins") {
            if !sides(&experiment, "sides").contains(&(name.clone(), side.clone())) {
                continue;
            }
            let verb = if side == "server" { "serve" } else { "connect" };
            for (twin, wanted) in [("broken", "not-holds"), ("fixed", "holds")] {
                let mut command = [program, verb, &name].map(str::to_string).to_vec();
                command.extend((twin == "broken").then(|| "--broken".to_string()));
                command.extend(["--addr", "{host}:{port}"].map(str::to_string));
                let excepted = exceptions.iter().any(|(n, s, which, _)| (*n, *s, *which) == (&name, &side, twin));
                let wanted = match (wanted, excepted) {
                    (wanted, false) => wanted,
                    ("holds", true) => "not-holds",
                    (_, true) => "holds",
                };
                let why = format!("the {twin} twin");
                cases.push(Case { experiment: name.clone(), side: side.clone(), wanted: wanted.into(), command, why });
            }
        }
    }
    let (_, wrong) = perform_all(program, Path::new("."), &cases);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Puts programs that do nothing right against every check of a lesson: none may hold, but those that `exceptions` name with
/// the reason why each is a right program there.
///
/// # Panics
///
/// When one holds that may not, or one does not hold that is said to be right.
pub fn assert_trivial_programs_do_not_hold(program: &str, exceptions: &[Exception]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trivial");
    let mut cases = Vec::new();
    for experiment in experiments(program, &["list", "--json"]) {
        for (name, side) in sides(&experiment, "sides") {
            let mut programs: Vec<String> = fs::read_dir(folder.join(&side))
                .expect("the trivial programs")
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect();
            programs.sort();
            for file in programs {
                let right = exceptions.iter().find(|(n, s, p, _)| (*n, *s, *p) == (&name, &side, &file));
                let command = ["python3", &format!("{side}/{file}"), "{host}", "{port}"].map(str::to_string).to_vec();
                let wanted = if right.is_some() { "holds" } else { "not-holds" };
                let why = right.map_or("does nothing right", |(_, _, _, reason)| reason).to_string();
                cases.push(Case { experiment: name.clone(), side: side.clone(), wanted: wanted.into(), command, why });
            }
        }
    }
    let (_, wrong) = perform_all(program, &folder, &cases);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The name of an experiment with each of its sides of this kind; none where this machine cannot show it.
pub(super) fn sides(experiment: &Value, kind: &str) -> Vec<(String, String)> {
    let name = experiment["experiment"].as_str().unwrap_or_default();
    if let Some(reason) = experiment["skipped"].as_str() {
        skip(&format!("{name}: {reason}"));
        return Vec::new();
    }
    let sides = experiment[kind].as_array().into_iter().flatten().filter_map(Value::as_str);
    sides.map(|side| (name.to_string(), side.to_string())).collect()
}

/// Says that something is not tested here, or fails where nothing may be left out.
///
/// # Panics
///
/// Where the environment variable `LAB_NO_SKIPS` is set.
pub fn skip(what: &str) {
    assert!(!skips_are_failures(), "skipped although LAB_NO_SKIPS is set: {what}");
    println!("skipped: {what}");
}

/// Whether the kernel shows its sockets to the lab. Where it does not, a line says that the test is skipped.
///
/// # Panics
///
/// As [`skip`].
#[must_use]
pub fn sees_sockets() -> bool {
    let sees = kernel::sees_sockets();
    if !sees {
        skip("needs the socket tables of Linux, which this system does not have");
    }
    sees
}

fn case(line: &str) -> Case {
    let fields: Vec<&str> = line.split('\t').collect();
    let [experiment, side, wanted, command, why] = fields[..] else { panic!("not five fields: {line}") };
    Case {
        experiment: experiment.into(),
        side: side.into(),
        wanted: wanted.into(),
        command: words(command),
        why: why.into(),
    }
}

/// The words of a command; single quotes keep one together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, piece) in command.split('\'').enumerate() {
        if place % 2 == 1 {
            words.push(piece.to_string());
        } else {
            words.extend(piece.split_whitespace().map(str::to_string));
        }
    }
    words
}

/// `LAB_SHARE=2/6`: only the third of six equal shares of a table, counted from 0; all of it if that is not set.
fn share() -> (usize, usize) {
    let share = env::var("LAB_SHARE").ok();
    let parts = share.as_deref().and_then(|share| share.split_once('/'));
    let numbers = parts.and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    numbers.filter(|(part, of): &(usize, usize)| part < of).unwrap_or((0, 1))
}

/// Programs that perform at the same time: most of a check is waiting. `LAB_AT_ONCE` says otherwise.
fn at_once() -> usize {
    env::var("LAB_AT_ONCE").ok().and_then(|number| number.parse().ok()).unwrap_or(4)
}

fn perform_all(program: &str, folder: &Path, cases: &[Case]) -> (Vec<Option<Outcome>>, Vec<String>) {
    let times: usize = env::var("LAB_TIMES").ok().and_then(|number| number.parse().ok()).unwrap_or(1);
    let only = env::var("LAB_ONLY").ok();
    let share = share();
    let built = Built::default();
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<Option<Outcome>>> = Mutex::new(cases.iter().map(|_| None).collect());
    let wrong = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..at_once() {
            scope.spawn(|| {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let place = turn % cases.len().max(1);
                    let Some(case) = cases.get(place).filter(|_| turn < times * cases.len()) else { break };
                    if place % share.1 != share.0 {
                        continue;
                    }
                    if only
                        .as_ref()
                        .is_some_and(|only| !format!("{} {}", case.experiment, case.command.join(" ")).contains(only))
                    {
                        continue;
                    }
                    let Some(command) = built.command(folder, case) else { continue };
                    let outcome = perform(program, folder, case, &command);
                    if !is_fine(case, &outcome) {
                        let text = format!(
                            "{} --{} -- {}\n    must be: {} ({})\n    got: {}: {}",
                            case.experiment,
                            case.side,
                            case.command.join(" "),
                            case.wanted,
                            case.why,
                            outcome.verdict,
                            outcome.why
                        );
                        lock(&wrong).entry(place).or_insert(text);
                    }
                    lock(&outcomes)[place] = Some(outcome);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if times == 1 {
        // Alone, without the others beside it: what is wrong then too is wrong. What is not is said.
        wrong.retain(|place, text| {
            let case = &cases[*place];
            let Some(command) = built.command(folder, case) else { return true };
            let outcome = perform(program, folder, case, &command);
            let fine = is_fine(case, &outcome);
            if fine {
                println!("unsteady, right at the second look:\n{text}");
            }
            outcomes[*place] = Some(outcome);
            !fine
        });
    }
    let count = outcomes.iter().flatten().count();
    println!("{count} programs of {}, {times} times, {} wrong", cases.len(), wrong.len());
    (outcomes, wrong.into_values().collect())
}

fn is_fine(case: &Case, outcome: &Outcome) -> bool {
    match case.wanted.as_str() {
        "not-holds" => outcome.verdict != "holds",
        wanted => outcome.verdict == wanted,
    }
}

fn perform(program: &str, folder: &Path, case: &Case, command: &[String]) -> Outcome {
    let side = format!("--{}", case.side);
    let output = Command::new(program)
        .args(["check", &case.experiment, &side, "--json", "--"])
        .args(command)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the lesson starts");
    let Ok(result) = serde_json::from_slice::<Value>(&output.stdout) else {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_string();
        return Outcome { verdict: "no JSON".into(), why, violated: Vec::new(), rules: Vec::new() };
    };
    let forms = || result["forms"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let mut violated: Vec<String> = forms()
        .flat_map(|form| form["violations"].as_array().into_iter().flatten())
        .map(|it| text(&it["rule"]))
        .collect();
    let mut rules: Vec<String> =
        forms().flat_map(|form| form["rules"].as_array().into_iter().flatten()).map(text).collect();
    for names in [&mut violated, &mut rules] {
        names.sort();
        names.dedup();
    }
    Outcome { verdict: text(&result["verdict"]), why: text(&result["why"]), violated, rules }
}

/// Sides that `check` takes and that have too few programs in the table.
fn too_few(program: &str, cases: &[Case]) -> Vec<String> {
    let mut wrong = Vec::new();
    for experiment in experiments(program, &["list", "--json"]) {
        let sides = experiment["sides"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for side in sides {
            let of = |holds: bool| {
                let mine = |case: &&Case| experiment["experiment"] == case.experiment && case.side == side;
                cases.iter().filter(mine).filter(|case| (case.wanted == "holds") == holds).count()
            };
            if of(true) < 2 || of(false) < 2 {
                wrong.push(format!(
                    "{} --{side}: {} right programs and {} wrong ones; at least two of each are wanted",
                    experiment["experiment"],
                    of(true),
                    of(false)
                ));
            }
        }
    }
    wrong
}

/// Experiments that state no rule for a side that `check` takes: there a program would hold that only does nothing wrong.
fn without_rules(cases: &[Case], outcomes: &[Option<Outcome>]) -> Vec<String> {
    let bare = |(case, outcome): (&Case, &Option<Outcome>)| {
        let outcome = outcome.as_ref()?;
        let judged = ["holds", "breaks"].contains(&outcome.verdict.as_str());
        (judged && outcome.rules.is_empty())
            .then(|| format!("{} --{}: no form states a rule", case.experiment, case.side))
    };
    let mut bare: Vec<String> = cases.iter().zip(outcomes).filter_map(bare).collect();
    bare.sort();
    bare.dedup();
    bare
}

/// A program and what came of it.
type Seen<'a> = (&'a Case, &'a Outcome);

/// For each rule of an experiment and side, whether some program violates it alone.
fn needed<'a>(seen: &[Seen<'a>]) -> BTreeMap<(&'a str, &'a str, &'a str), bool> {
    let mut needed: BTreeMap<(&str, &str, &str), bool> = BTreeMap::new();
    for (case, outcome) in seen {
        for rule in &outcome.rules {
            *needed.entry((&case.experiment, &case.side, rule)).or_default() |= outcome.violated == [rule.clone()];
        }
    }
    needed
}

fn excused((experiment, side, rule): (&str, &str, &str), unneeded: &[Unneeded]) -> bool {
    unneeded.iter().any(|(e, s, r, _)| (*e, *s, *r) == (experiment, side, rule))
}

/// Rules without which every program of the table would get the same verdict.
fn not_needed(seen: &[Seen<'_>], unneeded: &[Unneeded]) -> Vec<(String, String, String)> {
    let missing = needed(seen).into_iter().filter(|(key, needed)| !needed && !excused(*key, unneeded));
    missing.map(|((experiment, side, rule), _)| (experiment.into(), side.into(), rule.into())).collect()
}

/// Rules that are said not to be needed, and are.
fn needed_after_all(seen: &[Seen<'_>], unneeded: &[Unneeded]) -> Vec<String> {
    let idle = needed(seen).into_iter().filter(|(key, needed)| *needed && excused(*key, unneeded));
    idle.map(|((experiment, side, rule), _)| {
        format!("{experiment} --{side}: the rule {rule} is violated alone; take it off the list of those that are not")
    })
    .collect()
}

/// Programs that have to be compiled, and which languages are here.
#[derive(Default)]
struct Built(Mutex<BTreeMap<String, Option<PathBuf>>>);

impl Built {
    /// The command as it can be run, `{host}` and `{port}` still in it; `None` where its language is not installed.
    fn command(&self, folder: &Path, case: &Case) -> Option<Vec<String>> {
        let (first, rest) = case.command.split_first()?;
        if let Some(file) = first.strip_prefix("c:") {
            let mut built = lock(&self.0);
            let program = built.entry(file.to_string()).or_insert_with(|| compile(folder, file)).clone()?;
            return Some(std::iter::once(program.to_string_lossy().into_owned()).chain(rest.iter().cloned()).collect());
        }
        if let Some(file) = first.strip_prefix("java:") {
            let words = ["java".to_string(), "-Xshare:auto".to_string(), file.to_string()];
            return self.has("java").then(|| words.into_iter().chain(rest.iter().cloned()).collect());
        }
        let program = self.find(first)?.to_string_lossy().into_owned();
        Some(std::iter::once(program).chain(rest.iter().cloned()).collect())
    }

    fn has(&self, program: &str) -> bool {
        self.find(program).is_some()
    }

    fn find(&self, program: &str) -> Option<PathBuf> {
        let mut built = lock(&self.0);
        let found = built.entry(format!("which {program}")).or_insert_with(|| {
            let folders = env::var_os("PATH").unwrap_or_default();
            let found = env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.exists());
            if found.is_none() {
                skip(&format!("programs that need {program}, which is not installed here"));
            }
            // What is first in PATH may be a script that looks for the interpreter, which takes longer than most programs here.
            let real = found.as_ref().filter(|_| program == "python3").and_then(|python| interpreter(python));
            real.or(found)
        });
        found.clone()
    }
}

/// The interpreter itself.
fn interpreter(python: &Path) -> Option<PathBuf> {
    let output = Command::new(python).args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_file().then_some(path)
}

fn compile(folder: &Path, file: &str) -> Option<PathBuf> {
    let target = env::temp_dir().join(format!("stranger-{}-{}", std::process::id(), file.replace(['/', '.'], "-")));
    let compiler = Command::new("cc")
        .args(["-O1", "-pthread", "-o"])
        .arg(&target)
        .arg(folder.join(file))
        .stdin(Stdio::null())
        .output();
    match compiler {
        Ok(output) if output.status.success() => Some(target),
        Ok(output) => panic!("{file} does not compile: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            skip(&format!("{file}: no C compiler here: {error}"));
            None
        }
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        for path in lock(&self.0).values().flatten().filter(|path| path.starts_with(env::temp_dir())) {
            // What is left in the folder for temporary files does not matter.
            let _ = fs::remove_file(path);
        }
    }
}
