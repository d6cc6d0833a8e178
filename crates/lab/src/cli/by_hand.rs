//! `serve`, `connect` and `attack`: one side in a terminal of its own.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::ArgMatches;

use super::usage::Usage;
use super::{named, trap};
use crate::lesson::Lesson;
use crate::lesson::experiment::{Experiment, Side};
use crate::record::Role;

/// The error of a twin, and at a terminal what to do about it: a twin itself is kept too small for that.
fn by_hand_error(lesson: &Lesson, experiment: &Experiment, address: SocketAddr, error: io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            let serve = format!("cargo run -p {} -- serve {}", lesson.name, experiment.name);
            format!("nobody listens on {address}; start the server first, in another terminal: {serve}")
        }
        io::ErrorKind::AddrInUse => format!("{address} is taken; end the other program or choose a port with --addr"),
        io::ErrorKind::PermissionDenied if address.port() < 1024 => {
            format!("{address} is not for every user; choose a port from 1024 up with --addr")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{address} is no address of this machine; choose one that is, with --addr")
        }
        // A peer that has gone is an error, unlike a reader of our output that has.
        io::ErrorKind::BrokenPipe => return anyhow::Error::msg(error.to_string()),
        _ => return error.into(),
    };
    if io::stderr().is_terminal() { anyhow::Error::from(error).context(hint) } else { error.into() }
}

/// `serve` and `connect`.
pub(super) fn by_hand(lesson: &Lesson, matches: &ArgMatches, role: Role) -> anyhow::Result<ExitCode> {
    let address = *matches.get_one::<SocketAddr>("addr").context("no address")?;
    let broken = matches.get_flag("broken");
    if matches.contains_id("name") {
        let experiment = named(lesson, matches)?;
        let side = if role == Role::Server { &experiment.server } else { &experiment.client };
        let program = side.program(broken);
        let Some(program) = program else {
            let other = if role == Role::Server { "connect" } else { "serve" };
            let [name, side] = [experiment.name, role.name()];
            return Err(Usage(format!(
                "the {side} of {name} has no broken form, as the mistake is on the other side: {other} {name} --broken"
            ))
            .into());
        };
        if role == Role::Server {
            tell_the_other_terminal(lesson, Some(experiment), broken, address);
        }
        program(address).map_err(|error| by_hand_error(lesson, experiment, address, error))?;
        Ok(ExitCode::SUCCESS)
    } else {
        if broken {
            return Err(Usage("the finished program has no broken form; name an experiment".to_string()).into());
        }
        if role == Role::Server {
            tell_the_other_terminal(lesson, None, false, address);
        }
        let finished = if role == Role::Server { &lesson.finished.serve } else { &lesson.finished.connect };
        (finished.run)(address, matches)
    }
}

/// `attack`.
pub(super) fn attack(lesson: &Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let address = *matches.get_one::<SocketAddr>("addr").context("no address")?;
    let experiment = named(lesson, matches)?;
    let program = experiment.attacker.with_context(|| format!("nobody attacks in {}", experiment.name))?;
    program(address).map_err(|error| by_hand_error(lesson, experiment, address, error))?;
    Ok(ExitCode::SUCCESS)
}

/// At a terminal: what to type in another one now. On standard error, as the first line of output is the address.
fn tell_the_other_terminal(lesson: &Lesson, experiment: Option<&Experiment>, broken: bool, address: SocketAddr) {
    if !io::stderr().is_terminal() {
        return;
    }
    let usual = address.to_string() == lesson.address;
    let command = |verb: &str, more: &str| {
        let name = experiment.map(|experiment| format!(" {}", experiment.name)).unwrap_or_default();
        format!("cargo run -p {} -- {verb}{name}{more}", lesson.name)
    };
    // The two broken twins belong together; where only the client has one, the mistake shows with it.
    let with_mistake = experiment.is_some_and(|experiment| {
        matches!(experiment.client, Side::Twins { .. }) && (broken || matches!(experiment.server, Side::Peer(_)))
    });
    let twin = if with_mistake { " --broken" } else { "" };
    let at = if usual { String::new() } else { format!(" --addr {address}") };
    anstream::eprintln!("now, in another terminal: {}", command("connect", &format!("{twin}{at}")));
    if experiment.and_then(trap::form).is_none() {
        return;
    }
    let relay = trap::beside(address);
    let to = if usual { String::new() } else { format!(" --to {address}") };
    anstream::eprintln!("the trap is not laid there; to see it, in two other terminals:");
    anstream::eprintln!("  {}", command("trap", &to));
    anstream::eprintln!("  {}", command("connect", &format!("{twin} --addr {relay}")));
}
