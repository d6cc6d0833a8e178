//! The options of whoever serves.

use lab::clap::{ArgAction, ArgMatches, Command};
use lab::options::{get, time, value};

use super::ending::Limits;

/// What a client is allowed.
pub(super) fn limits(command: Command) -> Command {
    command
        .arg(time("idle", "60", "A client that sends no command for so long is given up"))
        .arg(time("session", "3600", "So long a client may stay, whatever it sends"))
        .arg(
            value("lines", "", "A command ends with a newline only; without this, what one read gives is a command")
                .action(ArgAction::SetTrue),
        )
}

/// The values of [`limits`].
pub(super) fn limits_of(matches: &ArgMatches) -> anyhow::Result<Limits> {
    Ok(Limits { idle: get(matches, "idle")?, session: get(matches, "session")?, lines: matches.get_flag("lines") })
}
