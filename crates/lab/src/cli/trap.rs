//! `trap`: the relay of an experiment between two terminals.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{named, print, usage};
use crate::directory::Goal;
use crate::lesson::Lesson;
use crate::lesson::experiment::{Experiment, Side};
use crate::record::recorder::Recorder;
use crate::record::{Cast, Role, SERVER};
use crate::relay::Relay;
use crate::rules::Form;
use crate::story::{self, page::Page};
use crate::watch::Watch;

/// The first form of an experiment whose trap a relay lays, and its number.
pub(super) fn form(experiment: &Experiment) -> Option<(usize, Form)> {
    forms(experiment).into_iter().enumerate().find(|(_, form)| !form.trap().is_empty())
}

fn forms(experiment: &Experiment) -> Vec<Form> {
    let sides = [Role::Server, Role::Client].into_iter().filter(|role| experiment.check.allows(*role).is_ok());
    sides.flat_map(experiment.forms).collect()
}

/// Where the relay of a server at this address listens: the port after it.
pub(super) fn beside(to: SocketAddr) -> SocketAddr {
    SocketAddr::new(to.ip(), to.port().saturating_add(1))
}

pub(super) fn command(lesson: &Lesson) -> Command {
    // Forms are made only for who asks: they may hold much, and a server starts with this command line too.
    let experiments = lesson.experiments;
    let relayed = move |name: String| {
        let has_relay = |experiment: &&&Experiment| form(experiment).is_some();
        if experiments.iter().filter(has_relay).any(|experiment| experiment.name == name) {
            return Ok(name);
        }
        let others: Vec<&str> = experiments.iter().filter(has_relay).map(|experiment| experiment.name).collect();
        let others = if others.is_empty() { String::new() } else { format!("; possible here: {}", others.join(", ")) };
        Err(format!(
            "no relay lays the trap of {name} by itself: what can be seen of it in two terminals, serve {name} and connect \
             {name} show without one{others}"
        ))
    };
    let names = PossibleValuesParser::new(experiments.iter().map(|experiment| experiment.name));
    let address = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("HOST:PORT").value_parser(usage::address).help(help)
    };
    Command::new("trap")
        .about("Put the relay that lays a trap between your two terminals")
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .value_parser(ValueParser::new(names.try_map(relayed)))
                .required(true)
                .help("An experiment whose trap a relay lays; another name lists them"),
        )
        .arg(address("addr", "Where clients connect to, the relay: if not given, the port after that of the server"))
        .arg(address("to", "Where the server is").default_value(lesson.address))
        .arg(
            Arg::new("form")
                .long("form")
                .value_name("N")
                .value_parser(value_parser!(usize))
                .help("Another form of the trap than the first; an unknown number lists them"),
        )
}

pub(super) fn trap(lesson: &Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let experiment = named(lesson, matches)?;
    let to = *matches.get_one::<SocketAddr>("to").context("no address")?;
    let here = matches.get_one::<SocketAddr>("addr").copied().unwrap_or_else(|| beside(to));
    let forms: Vec<Form> = forms(experiment).into_iter().filter(|form| !form.trap().is_empty()).collect();
    let number = matches.get_one::<usize>("form").copied().unwrap_or(1);
    let Some(form) = number.checked_sub(1).and_then(|place| forms.get(place)) else {
        let list: Vec<String> =
            forms.iter().enumerate().map(|(place, form)| format!("{} {}", place + 1, form.name)).collect();
        bail!("{} has no form {number} for a relay; there are: {}", experiment.name, list.join("; "))
    };
    let scripts = form.trap().iter().cloned().map(crate::relay::script::Script::by_hand).collect();
    let recorder = Recorder::new(Cast::Fixed);
    let page = Page::of_stdout();
    recorder.listen(move |event| {
        if let Some(line) = story::live(page, event) {
            // Nobody reads it any more: the relay goes on all the same.
            let _ = print(&format!("{line}\n"));
        }
    });
    let goal = Goal { who: SERVER, address: to };
    let (_relay, here) = Relay::between(here, goal, scripts, recorder, Watch::default())?;
    print(&format!("listening on {here}\n"))?;
    let command = |verb: &str, side: &Side, address: SocketAddr| {
        let twin = if matches!(side, Side::Twins { .. }) { " --broken" } else { "" };
        let at = if address.to_string() == lesson.address { String::new() } else { format!(" --addr {address}") };
        format!("cargo run -p {} -- {verb} {}{twin}{at}", lesson.name, experiment.name)
    };
    anstream::eprintln!("the trap: {}", form.name);
    anstream::eprintln!("now, in two other terminals, with --broken or without:");
    anstream::eprintln!("  {}", command("serve", &experiment.server, to));
    anstream::eprintln!("  {}", command("connect", &experiment.client, here));
    loop {
        thread::park();
    }
}
