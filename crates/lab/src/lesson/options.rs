//! Options of finished programs that more than one lesson has.

use std::time::Duration;

use anyhow::Context;
use clap::{Arg, ArgMatches};

/// An option of the finished program alone: an experiment has none of these.
pub fn value(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).conflicts_with("name").help(help)
}

/// A time limit in seconds, which may have a fraction: a `Duration` of more than nothing and at most a day.
pub fn time(name: &'static str, default: &'static str, help: &'static str) -> Arg {
    value(name, "SECONDS", help).value_parser(seconds).default_value(default)
}

/// The value of an option that has a default.
///
/// # Errors
///
/// When it has none, or is of another type.
pub fn get<T: Copy + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> anyhow::Result<T> {
    matches.get_one(name).copied().context("an option without a value")
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(time) if !time.is_zero() && time <= Duration::from_secs(86_400) => Ok(time),
        _ => Err("seconds, more than 0 and at most 86400".to_string()),
    }
}
