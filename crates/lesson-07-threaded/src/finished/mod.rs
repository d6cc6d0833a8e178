//! The finished program: the menu.

use std::net::SocketAddr;
use std::process::ExitCode;

use lab::clap::{ArgMatches, Command};
use lab::{Finished, Tool};

pub(crate) const FINISHED: Finished =
    Finished { serve: Tool { options, run: not_yet }, connect: Tool { options, run: not_yet } };

fn options(command: Command) -> Command {
    command
}

fn not_yet(_: SocketAddr, _: &ArgMatches) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the finished program is not there yet")
}
