//! Whom the load meets.

use std::fmt;
use std::net::SocketAddr;
use std::process;
use std::time::Duration;

use anyhow::{Context, bail};
use lab::{OwnServer, kernel};

use super::client::REFUSED;
use super::round::{Load, Processors, Round};

/// The forms of this lesson's server.
pub(super) const FORMS: [&str; 4] = ["serial", "threads", "pool", "processes"];

pub(super) enum Target {
    /// This lesson's server in one of its forms: a new process for every round.
    Form(&'static str),
    /// A server that was there before.
    Running(SocketAddr),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Form(form) => f.write_str(form),
            Target::Running(address) => address.fmt(f),
        }
    }
}

impl Target {
    /// One round, with a warm-up before it that is not counted.
    ///
    /// # Errors
    ///
    /// The server does not start, or nobody listens at the address, or there is no room for so many clients.
    pub(super) fn load(&self, load: &Load, progress: &dyn Fn(u64)) -> anyhow::Result<Round> {
        match self {
            Target::Form(form) => {
                let server = start(form, load).with_context(|| format!("cannot start the server as {form}"))?;
                measured(load, server.address, Some(&server), progress)
            }
            Target::Running(address) => measured(load, *address, None, progress),
        }
    }
}

fn start(form: &str, load: &Load) -> anyhow::Result<OwnServer> {
    // Clients of the warm-up may still be leaving when those of the load come.
    let places = load.clients + load.warm_up().clients;
    let seconds = load.deadline.as_secs() + 1;
    let lines = if load.lines { " --lines" } else { "" };
    let options =
        format!("--form {form} --addr 127.0.0.1:0 --clients {places} --idle {seconds} --session {seconds}{lines}");
    OwnServer::start(&options.split(' ').map(String::from).collect::<Vec<_>>())
}

fn measured(
    load: &Load,
    address: SocketAddr,
    own: Option<&OwnServer>,
    progress: &dyn Fn(u64),
) -> anyhow::Result<Round> {
    let warm_up = load.warm_up().round(address, &|_| {})?;
    if warm_up.sessions.iter().all(|session| session.error.as_deref() == Some(REFUSED)) {
        bail!("nobody listens on {address}: start a server there first, or leave out --addr");
    }
    let before = processors(own);
    let round = load.round(address, progress)?;
    let after = processors(own);
    let used = |of: fn(&Processors) -> Option<Duration>| Some(of(&after)?.saturating_sub(of(&before)?));
    let used = Processors { clients: used(|p| p.clients), server: used(|p| p.server) };
    Ok(Round { processors: used, ..round })
}

/// The processor time used so far.
fn processors(own: Option<&OwnServer>) -> Processors {
    let server = own.map(|server| kernel::processor_time(server.process()));
    // What this program used includes what it has started.
    let all = kernel::processor_time(process::id());
    let clients = match server {
        Some(server) => all.zip(server).map(|(all, server)| all.saturating_sub(server)),
        None => all,
    };
    Processors { clients, server: server.flatten() }
}
