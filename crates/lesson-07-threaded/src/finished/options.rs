//! Options that the two sides have in common.

use std::time::Duration;

use anyhow::Context;
use lab::clap::{Arg, ArgAction, ArgMatches, Command};

use super::ending::Limits;

/// What a client of a server is allowed. The command line of an experiment has none of these: `kind` says so, where there
/// are experiments.
pub(super) fn limits(command: Command, kind: impl Fn(Arg) -> Arg) -> Command {
    let time = |name, default, help| {
        kind(Arg::new(name).long(name).value_name("SECONDS").value_parser(seconds).default_value(default).help(help))
    };
    let lines = "A command ends with a newline only; without this, what one read gives is a command";
    command
        .arg(time("idle", "60", "A client that sends no command for so long is given up"))
        .arg(time("session", "3600", "So long a client may stay, whatever it sends"))
        .arg(kind(Arg::new("lines").long("lines").action(ArgAction::SetTrue).help(lines)))
}

/// The values of [`limits`].
pub(super) fn limits_of(matches: &ArgMatches) -> anyhow::Result<Limits> {
    Ok(Limits { idle: get(matches, "idle")?, session: get(matches, "session")?, lines: matches.get_flag("lines") })
}

/// An option of the finished program alone: an experiment has none of these.
pub(super) fn value(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).conflicts_with("name").help(help)
}

/// The value of an option that has a default.
pub(super) fn get<T: Copy + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> anyhow::Result<T> {
    matches.get_one(name).copied().context("an option without a value")
}

/// A time limit in seconds, which may have a fraction.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(time) if !time.is_zero() && time <= Duration::from_secs(86_400) => Ok(time),
        _ => Err("seconds, more than 0 and at most 86400".to_string()),
    }
}
