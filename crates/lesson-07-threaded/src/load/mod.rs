//! `load`: many clients at the same time ask a server, and the time of every answer is measured.
//!
//! ```text
//!   client.rs   one client: asks, waits for the whole answer, asks again
//!   round.rs    all clients at the same time, with one deadline
//!   target.rs   the server: one of the forms of this lesson, started here, or any that runs already
//!   tally.rs    the figures of one server over all rounds
//!   table.rs    the figures as text and as JSON
//!   chart.rs    the figures as a picture
//! ```

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use lab::Utility;
use lab::clap::builder::PossibleValuesParser;
use lab::clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

mod chart;
mod client;
mod round;
mod table;
mod tally;
mod target;

use round::Load;
use tally::Tally;
use target::{FORMS, Target};

pub(crate) const TOOL: Utility = Utility {
    name: "load",
    about: "Ask servers by many clients at the same time, and compare how fast they answer",
    options,
    run,
};

/// Usage errors, as the other commands report them.
const USAGE: u8 = 2;

fn options(command: Command) -> Command {
    let number = |name: &'static str, default: &'static str, most: u64| {
        let argument = Arg::new(name).long(name).value_name("N").default_value(default);
        argument.value_parser(value_parser!(u64).range(1..=most))
    };
    command
        .arg(number("clients", "50", 10_000).help("Clients at the same time"))
        .arg(number("requests", "100000", 10_000_000).help("Requests of all clients together, shared out evenly"))
        .arg(number("rounds", "1", 1000).help("Load every server so many times, in turn"))
        .arg(
            Arg::new("form")
                .long("form")
                .value_name("FORM")
                .value_parser(PossibleValuesParser::new(FORMS))
                .value_delimiter(',')
                .action(ArgAction::Append)
                .conflicts_with("addr")
                .help("A form of this lesson's server, started for the load; without it, each of them in turn"),
        )
        .arg(
            Arg::new("addr")
                .long("addr")
                .value_name("HOST:PORT")
                .value_parser(value_parser!(SocketAddr))
                .help("A server of your own that runs already, such as 127.0.0.1:8009"),
        )
        .arg(
            Arg::new("lines")
                .long("lines")
                .action(ArgAction::SetTrue)
                .help("End each command with a newline, for a server of lines such as `serve --lines`"),
        )
        .arg(
            number("deadline", "30", 3600)
                .value_name("SECONDS")
                .help("A round that takes longer is ended, and what is missing counts as errors"),
        )
        .arg(
            Arg::new("svg")
                .long("svg")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Draw the figures into this file"),
        )
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("The figures as JSON"))
        .after_help(
            "The clients send the bare words 0 and exit, without a newline, so that a server which takes one read as a \
             command knows them too. With --lines a newline ends each command.\n\
             Example: load --form threads,pool --clients 200 --requests 100000 --rounds 3 --svg load.svg",
        )
}

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let number = |name| matches.get_one::<u64>(name).copied().context("an option without a value");
    let load = Load {
        clients: number("clients")?,
        requests: number("requests")?,
        deadline: Duration::from_secs(number("deadline")?),
        lines: matches.get_flag("lines"),
    };
    let rounds = number("rounds")?;
    if load.requests < load.clients {
        eprintln!("error: give at least one request for each client: --requests {} or more", load.clients);
        return Ok(ExitCode::from(USAGE));
    }
    let picture = matches.get_one::<PathBuf>("svg");
    if let Some(path) = picture {
        // A path that cannot be written costs no load.
        OpenOptions::new().write(true).create(true).truncate(false).open(path).with_context(|| cannot_write(path))?;
    }
    let mut tallies: Vec<Tally> = targets(matches).into_iter().map(Tally::new).collect();
    measure(&load, rounds, &mut tallies)?;
    let text = if matches.get_flag("json") { table::json(&load, &tallies)? } else { table::text(&load, &tallies) };
    io::stdout().lock().write_all(text.as_bytes())?;
    if let Some(path) = picture {
        std::fs::write(path, chart::draw(&load, &tallies)?).with_context(|| cannot_write(path))?;
    }
    match tallies.iter().map(Tally::errors).sum() {
        0 => Ok(ExitCode::SUCCESS),
        1 => bail!("1 client did not get all its answers; the figures above say why"),
        errors => bail!("{errors} clients did not get all their answers; the figures above say why"),
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the picture to {}", path.display())
}

fn targets(matches: &ArgMatches) -> Vec<Target> {
    if let Some(address) = matches.get_one::<SocketAddr>("addr") {
        return vec![Target::Running(*address)];
    }
    let asked: Vec<&String> = matches.get_many("form").into_iter().flatten().collect();
    let mut forms = FORMS.to_vec();
    forms.retain(|form| asked.is_empty() || asked.iter().any(|asked| asked == form));
    if !cfg!(unix) && asked.is_empty() {
        eprintln!("processes: skipped: handing a connection to another process works on Unix only");
        forms.retain(|form| *form != "processes");
    }
    forms.into_iter().map(Target::Form).collect()
}

/// Loads the servers in turn, so that a change in the speed of the machine meets all of them.
fn measure(load: &Load, rounds: u64, tallies: &mut [Tally]) -> anyhow::Result<()> {
    let total = load.requests * rounds * tallies.len() as u64;
    // Draws nothing unless standard error is a terminal.
    let bar = ProgressBar::new(total)
        .with_style(ProgressStyle::with_template("{msg:9} {wide_bar} {human_pos} of {human_len} requests")?);
    let mut before = 0;
    for _ in 0..rounds {
        for tally in &mut *tallies {
            bar.set_message(tally.target.to_string());
            let round = tally.target.load(load, &|answered| bar.set_position(before + answered))?;
            tally.add(round);
            before += load.requests;
        }
    }
    bar.finish_and_clear();
    Ok(())
}
