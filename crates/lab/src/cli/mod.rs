//! One command line for all lessons: `tree.rs` says what can be typed, the other files what is done then.

mod all;
mod by_hand;
mod check;
mod run;
mod trap;
mod tree;
mod usage;
mod waiting;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde_json::{Value, json};

use crate::lesson::Lesson;
use crate::lesson::experiment::{Experiment, Side};
use crate::process::guard;
use crate::record::Role;
use crate::story::changes;
use tree::command;
use usage::Usage;

/// The most that `print` prints on each stream, bytes.
const MOST_PRINTED: u64 = 16 * 1024 * 1024;

/// Usage errors, as `clap` and most Unix programs report them.
const USAGE: u8 = 2;

/// The reader of the output went away before the last verdict: what a shell reports of a program that SIGPIPE killed,
/// 128 + 13.
const NOBODY_READS: u8 = 141;

/// Runs a lesson's command line to its end.
pub fn main(lesson: &'static Lesson) -> ExitCode {
    let code = run_to_the_end(lesson);
    guard::sweep();
    code
}

fn run_to_the_end(lesson: &'static Lesson) -> ExitCode {
    let matches = match command(lesson).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let printed = match experiment_in_place_of_a_command(lesson, &error) {
                Some(tip) => print_error(&tip),
                None => error.print().and_then(|()| io::stdout().flush()),
            };
            return match printed {
                _ if error.use_stderr() => ExitCode::from(USAGE),
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => failed(&error.into()),
            };
        }
    };
    match dispatch(lesson, &matches) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => {
            if judges(&matches) {
                ExitCode::from(NOBODY_READS)
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(error) => failed(&error),
    }
}

/// Whether the status is to tell of a verdict.
fn judges(matches: &ArgMatches) -> bool {
    matches!(matches.subcommand_name(), None | Some("run" | "check"))
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // If nobody reads the errors either, the status is all that is left.
    let _ = print_error(&format!("error: {error:#}"));
    if error.is::<Usage>() { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
}

fn print_error(text: &str) -> io::Result<()> {
    writeln!(anstream::stderr().lock(), "{text}")
}

/// What to type where somebody typed the name of an experiment and no command.
fn experiment_in_place_of_a_command(lesson: &Lesson, error: &clap::Error) -> Option<String> {
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else { return None };
    let known = lesson.experiments.iter().any(|experiment| experiment.name == word);
    (error.kind() == ErrorKind::InvalidSubcommand && known).then(|| {
        format!("error: {word} is an experiment and no command\n\n  tip: cargo run -p {} -- run {word}", lesson.name)
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn print_bytes(matches: &ArgMatches) -> io::Result<()> {
    let bytes = |name| matches.get_one::<u64>(name).copied().unwrap_or(0);
    io::copy(&mut io::repeat(b'o').take(bytes("OUT")), &mut io::stdout().lock())?;
    io::stdout().flush()?;
    io::copy(&mut io::repeat(b'e').take(bytes("ERR")), &mut io::stderr().lock())?;
    Ok(())
}

fn dispatch(lesson: &'static Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if judges(matches) {
        crate::kernel::own_processes()?;
        crate::loopback::reachable()?;
        // Measured before anything happens that would disturb it.
        crate::loopback::line();
    }
    match matches.subcommand() {
        None => run::run_all(lesson, &run::Show::both()),
        Some(("list", matches)) => list(lesson, matches.get_flag("json")),
        Some(("run", matches)) => run::run(lesson, matches),
        Some(("serve", matches)) => by_hand::by_hand(lesson, matches, Role::Server),
        Some(("connect", matches)) => by_hand::by_hand(lesson, matches, Role::Client),
        Some(("attack", matches)) => by_hand::attack(lesson, matches),
        Some(("diff", matches)) => {
            print(&changes::render(&named(lesson, matches)?.twins))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("check", matches)) => check::check(lesson, matches),
        Some(("trap", matches)) => trap::trap(lesson, matches),
        Some(("guard", _)) => {
            guard::stand()?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("print", matches)) => {
            print_bytes(matches)?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("parse", matches)) => Ok(parse(lesson, matches)),
        Some((name, matches)) => match lesson.tools.iter().find(|tool| tool.name == name) {
            Some(tool) => (tool.run)(matches),
            None => bail!("there is no command {name}"),
        },
    }
}

/// Says whether a command line is understood, and does nothing else: `book` asks it of every command in the chapters.
fn parse(lesson: &Lesson, matches: &ArgMatches) -> ExitCode {
    let words = matches.get_many::<String>("words").into_iter().flatten().map(String::as_str);
    match command(lesson).try_get_matches_from(std::iter::once(lesson.name).chain(words)) {
        Err(error) if error.use_stderr() => {
            anstream::eprintln!("{error}");
            ExitCode::from(USAGE)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn named<'a>(lesson: &'a Lesson, matches: &ArgMatches) -> anyhow::Result<&'a Experiment> {
    let name = matches.get_one::<String>("name").context("name an experiment; `list` shows them")?;
    lesson.experiments.iter().copied().find(|experiment| experiment.name == name).context("no such experiment")
}

fn print(text: &str) -> io::Result<()> {
    anstream::stdout().lock().write_all(text.as_bytes())
}

fn list(lesson: &Lesson, as_json: bool) -> anyhow::Result<ExitCode> {
    if as_json {
        print(&format!("{:#}\n", Value::from_iter(lesson.experiments.iter().map(|experiment| to_json(experiment)))))?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = lesson.experiments.iter().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for experiment in lesson.experiments {
        text += &format!("{:width$}  {}\n", experiment.name, experiment.question);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// An experiment, and which sides a program of one's own can take.
fn to_json(experiment: &Experiment) -> Value {
    let sides = [(Role::Server, &experiment.server), (Role::Client, &experiment.client)];
    let named = |wanted: &dyn Fn(&(Role, &Side)) -> bool| -> Vec<&str> {
        sides.iter().filter(|side| wanted(side)).map(|(role, _)| role.name()).collect()
    };
    json!({
        "experiment": experiment.name, "question": experiment.question,
        "sides": named(&|(role, _)| experiment.check.allows(*role).is_ok()),
        "twins": named(&|(_, side)| matches!(side, Side::Twins { .. })),
        "relayed": sides.iter().any(|(role, _)| (experiment.forms)(*role).iter().any(|form| !form.trap().is_empty())),
        "skipped": experiment.needs.iter().find_map(|need| need.missing()),
    })
}

fn code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
