//! The command line of a lesson as a tree of commands.

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, Command, value_parser};

use super::{MOST_PRINTED, trap, usage};
use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::record::Role;

/// Everything that can be typed.
pub(super) fn command(lesson: &Lesson) -> Command {
    let names = || PossibleValuesParser::new(lesson.experiments.iter().map(|experiment| experiment.name));
    let name = || Arg::new("name").value_name("NAME").value_parser(names()).hide_possible_values(true);
    let broken = || Arg::new("broken").long("broken").action(ArgAction::SetTrue).help("The twin with the mistake");
    let address = || {
        Arg::new("addr")
            .long("addr")
            .value_name("HOST:PORT")
            .value_parser(usage::address)
            .default_value(lesson.address)
            .help("A numeric address and a port, such as 127.0.0.1:8080 or [::1]:8080")
    };
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let by_hand = |verb: &'static str| {
        Command::new(verb)
            .arg(name().help("An experiment; without it, the finished program"))
            .arg(broken())
            .arg(address())
    };
    let run = Command::new("run")
        .about("Run one experiment, or all")
        .arg(name().help("An experiment; without it, every one"))
        .arg(broken().help("Only the twin with the mistake"))
        .arg(flag("fixed", "Only the fixed twin"))
        .arg(flag("finished", "The finished program in the same trap"))
        .arg(
            Arg::new("repeat")
                .long("repeat")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=1_000_000))
                .help("Perform N times and count the verdicts"),
        )
        .arg(flag("wire", "Show every byte and what it is").conflicts_with_all(["json", "repeat"]))
        .arg(
            flag("timeline", "Show everything in the order in which it happened")
                .conflicts_with_all(["json", "repeat"]),
        )
        .arg(flag("output", "With --timeline: show every line that was printed").requires("timeline"))
        .arg(
            flag("ask", "Stop before each cast, so that you can predict what it does")
                .requires("name")
                .conflicts_with_all(["json", "repeat"]),
        )
        .arg(flag("json", "The whole record as JSON: see docs/json.md").conflicts_with("repeat"));
    let serves = |experiment: &&&Experiment| experiment.check.allows(Role::Server).is_ok();
    let example = lesson.experiments.iter().find(serves).map_or("NAME", |experiment| experiment.name);
    let or_all = lesson.experiments.iter().map(|experiment| experiment.name).chain(["all"]);
    let check = Command::new("check")
        .about("Put your own program on the stage of an experiment, or of all")
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .value_parser(PossibleValuesParser::new(or_all))
                .hide_possible_values(true)
                .required(true)
                .help("An experiment, or `all` for a table of every one that takes this side"),
        )
        .arg(flag("server", "Your program is the server; needed only where it may be either"))
        .arg(flag("client", "Your program is the client").conflicts_with("server"))
        .arg(flag("wire", "Show every byte and what it is").conflicts_with("json"))
        .arg(flag("timeline", "Show every row of a long performance").conflicts_with("json"))
        .arg(flag("output", "Show every line that the programs printed").conflicts_with("json"))
        .arg(flag("json", "Every form, rule and record as JSON: see docs/json.md"))
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .last(true)
                .required(true)
                .value_parser(value_parser!(OsString))
                .help("Your program after --, with {host} and {port} where the address belongs"),
        )
        .after_help(format!("Example: check {example} --server -- python3 my_server.py {{host}} {{port}}"));
    let attackers: Vec<&'static str> =
        lesson.experiments.iter().filter(|experiment| experiment.attacker.is_some()).map(|it| it.name).collect();
    let attack = Command::new("attack")
        .about("Run the attacker of an experiment against its server, in a terminal of its own")
        .hide(attackers.is_empty())
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .value_parser(some_of(lesson, &attackers, |name| {
                    format!("{name} has no attacker to run in a terminal: the lab plays it, or there is none")
                }))
                .required(true)
                .help(format!("An experiment: {}", attackers.join(", "))),
        )
        .arg(address());
    Command::new(lesson.name)
        .about(lesson.about)
        .after_help("Without a command every experiment runs, first broken, then fixed.")
        .subcommand(Command::new("list").about("The experiments, one line each").arg(
            Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON, with the sides that `check` takes"),
        ))
        .subcommand(run)
        .subcommand((lesson.finished.serve.options)(by_hand("serve").about("Run the server side by hand")))
        .subcommand((lesson.finished.connect.options)(by_hand("connect").about("Run the client side by hand")))
        .subcommands(lesson.tools.iter().map(|tool| (tool.options)(Command::new(tool.name).about(tool.about))))
        .subcommand(attack)
        .subcommand(
            Command::new("diff")
                .about("The lines in which broken and fixed differ")
                .arg(name().required(true).help("An experiment")),
        )
        .subcommand(check)
        .subcommand(trap::command(lesson))
        .subcommand(Command::new("guard").hide(true))
        .subcommand(printer())
        .subcommand(Command::new("parse").hide(true).arg(Arg::new("words").num_args(0..).last(true)))
}

/// A child for the servers of experiments about pipes, since no command of that kind is there on every system.
fn printer() -> Command {
    let bytes = |name| Arg::new(name).required(true).value_parser(value_parser!(u64).range(..=MOST_PRINTED));
    Command::new("print")
        .hide(true)
        .about("Print OUT times o on standard output, then ERR times e on standard error")
        .arg(bytes("OUT"))
        .arg(bytes("ERR"))
}

/// Takes the names of these experiments; for every other one it says what is not possible there.
pub(super) fn some_of(
    lesson: &Lesson,
    names: &[&'static str],
    otherwise: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
) -> ValueParser {
    let names = names.to_vec();
    let all: Vec<&'static str> = lesson.experiments.iter().map(|experiment| experiment.name).collect();
    let known = PossibleValuesParser::new(all).try_map(move |name| {
        if names.contains(&name.as_str()) {
            return Ok(name);
        }
        let others = if names.is_empty() { String::new() } else { format!("; possible here: {}", names.join(", ")) };
        Err(otherwise(&name) + &others)
    });
    ValueParser::new(known)
}
