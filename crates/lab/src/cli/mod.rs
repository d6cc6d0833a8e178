//! One command line for all lessons.

use std::io::{self, IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};

use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::performance::{Performance, perform};
use crate::process::guard;
use crate::record::{Cast, Role};
use crate::stage::Yours;
use crate::story;
use crate::story::changes;
use crate::verdict::Verdict;

/// Experiments that perform at the same time when the whole lesson runs: most of a performance is waiting.
const AT_ONCE: usize = 4;

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
        .arg(Arg::new("wire").long("wire").action(ArgAction::SetTrue).help("Show every byte and what it is"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("The whole record as JSON"));
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
        .arg(Arg::new("wire").long("wire").action(ArgAction::SetTrue).help("Show every byte and what it is"))
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
        .subcommand(Command::new("list").about("The experiments, one line each"))
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
    match matches.subcommand() {
        None => run_all(lesson, &Show::both(false, false)),
        Some(("list", _)) => list(lesson),
        Some(("run", matches)) => run(lesson, matches),
        Some(("serve", matches)) => by_hand(lesson, matches, Role::Server),
        Some(("connect", matches)) => by_hand(lesson, matches, Role::Client),
        Some(("attack", matches)) => attack(lesson, matches),
        Some(("diff", matches)) => {
            print(&changes::render(&named(lesson, matches)?.twins))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("check", matches)) => check(lesson, matches),
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

fn list(lesson: &Lesson) -> anyhow::Result<ExitCode> {
    let width = lesson.experiments.iter().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for experiment in lesson.experiments {
        text += &format!("{:width$}  {}\n", experiment.name, experiment.question);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
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

/// What `run` is to show.
struct Show {
    casts: Vec<Cast>,
    wire: bool,
    json: bool,
}

impl Show {
    fn both(wire: bool, json: bool) -> Show {
        Show { casts: vec![Cast::Broken, Cast::Fixed], wire, json }
    }
}

fn run(lesson: &'static Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let mut show = Show::both(matches.get_flag("wire"), matches.get_flag("json"));
    let asked = [("broken", Cast::Broken), ("fixed", Cast::Fixed), ("finished", Cast::Finished)];
    let casts: Vec<Cast> = asked.into_iter().filter(|(flag, _)| matches.get_flag(flag)).map(|(_, cast)| cast).collect();
    if !casts.is_empty() {
        show.casts = casts;
    }
    let one = matches.contains_id("name").then(|| named(lesson, matches)).transpose()?;
    if let Some(experiment) = one
        && show.casts == [Cast::Finished]
        && experiment.finished.is_none()
    {
        bail!("the wire of the finished program has no place for the trap of {}", experiment.name);
    }
    match (one, matches.get_one::<u32>("repeat")) {
        (Some(experiment), Some(times)) => repeat(&[experiment], &show, *times),
        (None, Some(times)) => repeat(lesson.experiments, &show, *times),
        (Some(experiment), None) => {
            let (text, fine) = one_experiment(lesson, experiment, &show);
            print(&text)?;
            Ok(code(fine))
        }
        (None, None) => run_all(lesson, &show),
    }
}

fn code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The casts of an experiment that were asked for and that it has.
fn casts<'a>(experiment: &'a Experiment, show: &'a Show) -> impl Iterator<Item = Cast> + 'a {
    show.casts.iter().copied().filter(|cast| *cast != Cast::Finished || experiment.finished.is_some())
}

/// A trap that could not be laid is laid again, at most so often.
const TRIES: u32 = 3;

fn perform_once(experiment: &Experiment, cast: Cast) -> (Performance, u32) {
    let mut voids = 0;
    loop {
        let performance = perform(experiment, cast, None);
        match performance.verdict {
            Ok(Verdict::Void(_)) if voids + 1 < TRIES => voids += 1,
            _ => return (performance, voids),
        }
    }
}

fn fine(performance: &Performance) -> bool {
    matches!(performance.verdict, Ok(Verdict::AsDocumented(_) | Verdict::Skipped(_)))
}

/// The story, or the JSON text, of one experiment, and whether every cast did what is documented of it.
fn one_experiment(lesson: &Lesson, experiment: &Experiment, show: &Show) -> (String, bool) {
    let performances: Vec<Performance> = casts(experiment, show).map(|cast| perform_once(experiment, cast).0).collect();
    let all_fine = performances.iter().all(fine);
    if show.json {
        let casts: Vec<Value> = performances.iter().map(to_json).collect();
        let twins = [&experiment.twins.broken, &experiment.twins.fixed].map(|source| source.path());
        let object = json!({
            "experiment": experiment.name, "question": experiment.question,
            "broken": twins[0], "fixed": twins[1], "performances": casts,
        });
        return (format!("{object:#}\n"), all_fine);
    }
    let mut text = story::title(experiment);
    for performance in &performances {
        text += &story::performance(experiment, performance, show.wire);
    }
    if show.casts.contains(&Cast::Broken) {
        text += &story::difference(lesson.name, experiment);
    }
    (text, all_fine)
}

fn to_json(performance: &Performance) -> Value {
    let (verdict, why) = match &performance.verdict {
        Ok(verdict) => (verdict.word(), verdict.why().to_string()),
        Err(error) => ("lab failed", format!("{error:#}")),
    };
    json!({
        "cast": performance.cast.name(), "verdict": verdict, "why": why, "record": performance.record.to_json(),
    })
}

/// Every experiment of the lesson, several at a time, told in the order of the table.
fn run_all(lesson: &'static Lesson, show: &Show) -> anyhow::Result<ExitCode> {
    let mut all_fine = true;
    let experiments = lesson.experiments;
    let next = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        let (results, told) = mpsc::channel();
        for _ in 0..AT_ONCE {
            let (results, next) = (results.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(experiment) = experiments.get(at) else { break };
                    // The other end has gone when the output was closed.
                    if results.send((at, one_experiment(lesson, experiment, show))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut waiting: Vec<Option<(String, bool)>> = experiments.iter().map(|_| None).collect();
        let mut shown = 0;
        while let Ok((at, result)) = told.recv() {
            waiting[at] = Some(result);
            while let Some((text, fine)) = waiting.get_mut(shown).and_then(Option::take) {
                let space = match (show.json, shown) {
                    (true, 0) => "[\n",
                    (true, _) => ",\n",
                    (false, 0) => "",
                    (false, _) => "\n",
                };
                print(&format!("{space}{text}"))?;
                all_fine &= fine;
                shown += 1;
            }
        }
        if show.json {
            print(if shown == 0 { "[]\n" } else { "]\n" })?;
        }
        anyhow::Ok(())
    })?;
    Ok(code(all_fine))
}

/// Performs again and again and counts. More than one void performance in a hundred, a surprise, or a story that is not
/// the same each time is a failure.
fn repeat(experiments: &[&Experiment], show: &Show, times: u32) -> anyhow::Result<ExitCode> {
    let mut all_fine = true;
    let width = experiments.iter().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    for experiment in experiments {
        for cast in casts(experiment, show) {
            let count = count(experiment, cast, times);
            all_fine &= count.fine(times);
            print(&format!("{:width$}  {:<8}  {}\n", experiment.name, cast.name(), count.sentence(times)))?;
        }
    }
    Ok(code(all_fine))
}

#[derive(Default)]
struct Count {
    as_documented: u32,
    voids: u32,
    skipped: Option<String>,
    /// The story of the first performance that was none of these.
    failure: Option<String>,
    first_story: Option<String>,
    other_story: Option<String>,
}

fn count(experiment: &Experiment, cast: Cast, times: u32) -> Count {
    let mut count = Count::default();
    let progress = io::stderr().is_terminal();
    for time in 1..=times {
        if progress {
            eprint!("\r{} {}: {time} of {times} ", experiment.name, cast.name());
        }
        let (performance, voids) = perform_once(experiment, cast);
        count.voids += voids;
        let story = story::performance(experiment, &performance, false);
        match performance.verdict {
            Ok(Verdict::AsDocumented(_)) => {
                count.as_documented += 1;
                let first = count.first_story.get_or_insert_with(|| story.clone());
                if *first != story {
                    count.other_story.get_or_insert(story);
                }
            }
            Ok(Verdict::Skipped(reason)) => {
                count.skipped = Some(reason);
                break;
            }
            _ => {
                count.failure.get_or_insert(story);
            }
        }
    }
    if progress {
        eprint!("\r\x1b[K");
    }
    count
}

impl Count {
    fn fine(&self, times: u32) -> bool {
        self.skipped.is_some()
            || (self.as_documented == times && self.other_story.is_none() && self.voids * 100 <= times)
    }

    fn sentence(&self, times: u32) -> String {
        if let Some(reason) = &self.skipped {
            return format!("skipped: {reason}");
        }
        let mut text = format!("{} of {times} as documented", self.as_documented);
        if self.voids > 0 {
            text += &format!(", {} void and repeated", self.voids);
        }
        if let Some(story) = &self.failure {
            text += &format!("; the first that was not:\n{story}");
        }
        if let (Some(first), Some(other)) = (&self.first_story, &self.other_story) {
            text += &format!("; the story was not the same each time:\n{first}\nand\n{other}");
        }
        text
    }
}

fn check(lesson: &Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
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
    let performance = perform(experiment, Cast::Yours(role), Some(&yours));
    print(&story::title(experiment))?;
    print(&story::performance(experiment, &performance, matches.get_flag("wire")))?;
    let holds = matches!(performance.verdict, Ok(Verdict::AsDocumented(_)));
    if matches!(performance.verdict, Ok(Verdict::Surprise(_))) {
        print(&story::marked(experiment, &performance.record))?;
    }
    Ok(code(holds))
}
