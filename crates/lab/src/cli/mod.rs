//! One command line for all lessons.

mod check;
mod run;
mod trap;
mod waiting;

use std::io::{self, IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};

use crate::lesson::Lesson;
use crate::lesson::experiment::{Experiment, Side};
use crate::process::guard;
use crate::record::Role;
use crate::story::changes;

/// The most that `print` prints on each stream, bytes.
const MOST_PRINTED: u64 = 16 * 1024 * 1024;

/// Usage errors, as `clap` and most Unix programs report them.
const USAGE: u8 = 2;

/// Runs a lesson's command line to its end.
pub fn main(lesson: &'static Lesson) -> ExitCode {
    let matches = match command(lesson).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(lesson, &matches) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn command(lesson: &Lesson) -> Command {
    let names = || PossibleValuesParser::new(lesson.experiments.iter().map(|experiment| experiment.name));
    let name = || Arg::new("name").value_name("NAME").value_parser(names()).hide_possible_values(true);
    let broken = || Arg::new("broken").long("broken").action(ArgAction::SetTrue).help("The twin with the mistake");
    let address = || {
        Arg::new("addr")
            .long("addr")
            .value_name("HOST:PORT")
            .value_parser(self::address)
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
        .arg(Arg::new("fixed").long("fixed").action(ArgAction::SetTrue).help("Only the mended twin"))
        .arg(
            Arg::new("finished")
                .long("finished")
                .action(ArgAction::SetTrue)
                .help("The finished program in the same trap"),
        )
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
        .arg(flag("json", "The whole record as JSON").conflicts_with("repeat"));
    let serves = |experiment: &&&Experiment| experiment.check.allows(Role::Server).is_ok();
    let example = lesson.experiments.iter().find(serves).map_or("NAME", |experiment| experiment.name);
    let check = Command::new("check")
        .about("Put your own program on the stage of an experiment")
        .arg(name().required(true).help("An experiment"))
        .arg(Arg::new("server").long("server").action(ArgAction::SetTrue).help("Your program is the server"))
        .arg(
            Arg::new("client")
                .long("client")
                .action(ArgAction::SetTrue)
                .conflicts_with("server")
                .help("Your program is the client"),
        )
        .arg(flag("wire", "Show every byte and what it is").conflicts_with("json"))
        .arg(flag("timeline", "Show every row of a long performance").conflicts_with("json"))
        .arg(flag("output", "Show every line that the programs printed").conflicts_with("json"))
        .arg(flag("json", "Every form, rule and record as JSON"))
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .last(true)
                .required(true)
                .help("Your program after --, with {host} and {port} where the address belongs"),
        )
        .after_help(format!("Example: check {example} --server -- python3 my_server.py {{host}} {{port}}"));
    let attackers = lesson.experiments.iter().filter(|experiment| experiment.attacker.is_some());
    let attacked = PossibleValuesParser::new(attackers.clone().map(|experiment| experiment.name));
    let attack = Command::new("attack")
        .about("Run the attacker of an experiment by hand against its server")
        .hide(attackers.count() == 0)
        .arg(name().value_parser(attacked).hide_possible_values(false).required(true).help("An experiment"))
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

fn print_bytes(matches: &ArgMatches) -> io::Result<()> {
    let bytes = |name| matches.get_one::<u64>(name).copied().unwrap_or(0);
    io::copy(&mut io::repeat(b'o').take(bytes("OUT")), &mut io::stdout().lock())?;
    io::stdout().flush()?;
    io::copy(&mut io::repeat(b'e').take(bytes("ERR")), &mut io::stderr().lock())?;
    Ok(())
}

fn dispatch(lesson: &'static Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if matches!(matches.subcommand_name(), None | Some("run" | "check")) {
        crate::loopback::reachable()?;
        // Measured before anything happens that would disturb it.
        crate::loopback::line();
    }
    match matches.subcommand() {
        None => run::run_all(lesson, &run::Show::both()),
        Some(("list", matches)) => list(lesson, matches.get_flag("json")),
        Some(("run", matches)) => run::run(lesson, matches),
        Some(("serve", matches)) => by_hand(lesson, matches, Role::Server),
        Some(("connect", matches)) => by_hand(lesson, matches, Role::Client),
        Some(("attack", matches)) => attack(lesson, matches),
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

/// The error of a twin, and at a terminal what to do about it: a twin itself is kept too small for that.
fn by_hand_error(lesson: &Lesson, experiment: &Experiment, address: SocketAddr, error: io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            let serve = format!("cargo run -p {} -- serve {}", lesson.name, experiment.name);
            format!("nobody listens on {address}; start the server first, in another terminal: {serve}")
        }
        io::ErrorKind::AddrInUse => format!("{address} is taken; end the other program or choose a port with --addr"),
        // A peer that has gone is an error, unlike a reader of our output that has.
        io::ErrorKind::BrokenPipe => return anyhow::Error::msg(error.to_string()),
        _ => return error.into(),
    };
    if io::stderr().is_terminal() { anyhow::Error::from(error).context(hint) } else { error.into() }
}

/// A numeric address and a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "give a numeric address and a port, such as 127.0.0.1:8080".to_string())
}

fn by_hand(lesson: &Lesson, matches: &ArgMatches, role: Role) -> anyhow::Result<ExitCode> {
    let address = *matches.get_one::<SocketAddr>("addr").context("no address")?;
    let broken = matches.get_flag("broken");
    if matches.contains_id("name") {
        let experiment = named(lesson, matches)?;
        let side = if role == Role::Server { &experiment.server } else { &experiment.client };
        let program = side.program(broken);
        let Some(program) = program else {
            bail!("the {} of {} has no broken form: the mistake is on the other side", role.name(), experiment.name)
        };
        program(address).map_err(|error| by_hand_error(lesson, experiment, address, error))?;
        Ok(ExitCode::SUCCESS)
    } else {
        if broken {
            bail!("the finished program has no broken form; name an experiment");
        }
        let finished = if role == Role::Server { &lesson.finished.serve } else { &lesson.finished.connect };
        (finished.run)(address, matches)
    }
}

fn attack(lesson: &Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let address = *matches.get_one::<SocketAddr>("addr").context("no address")?;
    let experiment = named(lesson, matches)?;
    let program = experiment.attacker.with_context(|| format!("nobody attacks in {}", experiment.name))?;
    program(address).map_err(|error| by_hand_error(lesson, experiment, address, error))?;
    Ok(ExitCode::SUCCESS)
}

fn code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
