//! The client: one greeting.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use common::connect::connect;
use common::deadline::Deadline;
use lab::clap::{ArgMatches, Command};
use lab::{hints, options};

use super::{HELLO, HI};

pub(super) fn options(command: Command) -> Command {
    command.arg(super::timeout_option("Give up after so long, once for the connection and once for the answer"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let timeout = options::get(matches, "timeout")?;
    let mut stream =
        connect(addr, timeout).map_err(|error| hints::cannot_connect(env!("CARGO_PKG_NAME"), addr, &error))?;
    stream.write_all(HELLO).with_context(|| format!("cannot say hello to {addr}"))?;
    let mut answer = [0; HI.len()];
    Deadline::after(timeout).over(&stream).read_exact(&mut answer).map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => anyhow!("no answer from {addr} within {timeout:?}"),
        io::ErrorKind::UnexpectedEof => anyhow!("{addr} closed the connection without an answer"),
        _ => anyhow!("no answer from {addr}: {error}"),
    })?;
    if answer != *HI {
        bail!("{addr} answered \"{}\" instead of \"{}\"", answer.escape_ascii(), HI.escape_ascii());
    }
    writeln!(io::stdout(), "{}", HI.escape_ascii())?;
    // The server closes first and keeps the TIME-WAIT, so the client waits for that; its answer is there in any case.
    let _ = Deadline::after(timeout).over(&stream).read_exact(&mut [0]);
    Ok(ExitCode::SUCCESS)
}
