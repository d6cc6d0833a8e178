//! The server: its options, and the form that was chosen. `serial` is here.

use std::io;
use std::net::SocketAddr;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::server::{Client, Full, Listen, NoPermit, Permits, Refused, say, spawn, stop};
use lab::clap::builder::PossibleValue;
use lab::clap::{ArgMatches, Command, ValueEnum, value_parser};
use lab::hints;
use lab::options::{get, value};
use mio::Waker;

use super::options::{limits, limits_of};
use super::parting::Parting;
use super::pool::Pool;
#[cfg(unix)]
use super::processes::Processes;
use super::shared::Server;
use super::wire::{FULL, STOPPING};

/// How long a server that was told to stop waits for its clients.
const STOP: Duration = Duration::from_secs(5);

pub(super) fn options(command: Command) -> Command {
    limits(command)
        .arg(
            value("form", "FORM", "How several clients are served")
                .value_parser(value_parser!(Form))
                .default_value("threads"),
        )
        .arg(
            value("clients", "NUMBER", "So many are served at the same time; the next ones are refused")
                .value_parser(value_parser!(u16).range(1..=20_000))
                .default_value("256"),
        )
        .arg(
            value("per-address", "NUMBER", "So many of them may come from one address; without this, all")
                .value_parser(value_parser!(u16).range(1..=20_000)),
        )
        .arg(
            value("workers", "NUMBER", "So many threads do the work of the pool")
                .value_parser(value_parser!(u16).range(1..=1000))
                .default_value("4"),
        )
}

/// How several clients are served.
#[derive(Clone, Copy)]
enum Form {
    Serial,
    Threads,
    Pool,
    Processes,
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Form] {
        &[Form::Serial, Form::Threads, Form::Pool, Form::Processes]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Form::Serial => PossibleValue::new("serial").help("One after the other; the next ones wait"),
            Form::Threads => PossibleValue::new("threads").help("A thread for each"),
            Form::Pool => PossibleValue::new("pool").help("A few workers for all: a worker is taken by a request"),
            Form::Processes => PossibleValue::new("processes").help("A process for each (Unix)"),
        })
    }
}

/// The form that runs.
enum Running {
    Serial,
    Threads,
    Pool(Pool),
    #[cfg(unix)]
    Processes(Processes),
}

impl Running {
    fn start(form: Form, server: &Arc<Server>, workers: usize) -> anyhow::Result<Running> {
        let started = match form {
            Form::Serial => Ok(Running::Serial),
            Form::Threads => Ok(Running::Threads),
            Form::Pool => Pool::start(server, workers).map(Running::Pool),
            #[cfg(unix)]
            Form::Processes => Processes::start(server).map(Running::Processes),
            #[cfg(not(unix))]
            Form::Processes => anyhow::bail!(super::shared::UNIX_ONLY),
        };
        started.context("cannot start a thread")
    }

    /// What wakes the thread that waits for all clients, where there is one.
    fn waker(&self) -> Option<Arc<Waker>> {
        match self {
            Running::Serial | Running::Threads => None,
            Running::Pool(pool) => Some(pool.waker.clone()),
            #[cfg(unix)]
            Running::Processes(processes) => Some(processes.waker.clone()),
        }
    }

    /// Serves a client: only `serial` to its end.
    fn serve(&self, server: &Arc<Server>, client: Client) -> Result<(), (Client, io::Error)> {
        match self {
            Running::Serial => {
                server.converse(client);
                Ok(())
            }
            Running::Threads => {
                let server = server.clone();
                spawn(client, move |client| server.converse(client))
            }
            Running::Pool(pool) => {
                pool.serve(client);
                Ok(())
            }
            #[cfg(unix)]
            Running::Processes(processes) => processes.serve(server, client),
        }
    }
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let most = get::<u16>(matches, "clients")?;
    let of_one = matches.get_one::<u16>("per-address").copied().unwrap_or(most);
    let permits = Permits::with(most.into(), of_one.into());
    let listener = Listen::at(addr).open().map_err(|error| hints::cannot_listen(addr, &error))?;
    let address = listener.local_addr()?;
    let parting = Parting::start().context("cannot start a thread")?;
    let server = Arc::new(Server { limits: limits_of(matches)?, permits: permits.clone(), parting });
    let running = Running::start(get(matches, "form")?, &server, get::<u16>(matches, "workers")?.into())?;
    let waker = running.waker();
    let stopped = permits.clone();
    ctrlc::set_handler(move || {
        stopped.stop();
        // It cannot be told, then: it is not waited for in vain for longer than this.
        let _ = waker.as_ref().map(|waker| waker.wake());
        stop(address, &stopped, STOP);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    let refuse = |stream, address, why| {
        let word = match &why {
            Refused::NoPermit(NoPermit::Stopping) => STOPPING,
            why => {
                say(format_args!("{address} was refused: {why}"));
                FULL
            }
        };
        server.parting.part(stream, word);
    };
    let error = common::server::run(&listener, &permits, Full::Refuse, |client| running.serve(&server, client), refuse);
    Err(error).context("cannot accept connections any more")
}
