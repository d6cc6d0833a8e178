//! The server: what all forms have in common.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use lab::clap::builder::PossibleValue;
use lab::clap::{ArgMatches, Command, ValueEnum, value_parser};

use super::blocking::{guarded, hold};
use super::ending::{End, Limits, told};
use super::listen::Door;
use super::parting::Parting;
use super::places::{NoPlace, Place, Places};
use super::wire::{FULL, STOPPING};
use super::{options, threads};

/// How long a server that was told to stop waits for its clients.
const STOP: Duration = Duration::from_secs(5);

pub(super) fn options(command: Command) -> Command {
    options::limits(command, |arg| arg.conflicts_with("name"))
        .arg(
            options::value("form", "FORM", "How several clients are served")
                .value_parser(value_parser!(Form))
                .default_value("threads"),
        )
        .arg(
            options::value("clients", "NUMBER", "So many are served at the same time; the next ones are refused")
                .value_parser(value_parser!(u16).range(1..=20_000))
                .default_value("256"),
        )
}

/// How several clients are served.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Serial,
    Threads,
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Form] {
        &[Form::Serial, Form::Threads]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Form::Serial => PossibleValue::new("serial").help("one after the other; the next ones wait"),
            Form::Threads => PossibleValue::new("threads").help("a thread for each"),
        })
    }
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let form: Form = options::get(matches, "form")?;
    let places = Places::new(options::get::<u16>(matches, "clients")?.into());
    let door = Door::open(addr, places.clone())?;
    let parting = Parting::start().context("cannot start a thread")?;
    let server = Arc::new(Server { limits: options::limits_of(matches)?, places: places.clone(), parting });
    ctrlc::set_handler(move || {
        places.stop();
        places.wait_until_empty(STOP);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(&format!("listening on {}", door.address()?));
    loop {
        let (stream, address) = door.next()?;
        let place = match server.places.take() {
            Ok(place) => place,
            Err(NoPlace::Full(most)) => {
                say(&format!("{address} was refused: there are {most} clients already"));
                server.parting.part(stream, FULL);
                continue;
            }
            Err(NoPlace::Stopping) => {
                server.parting.part(stream, STOPPING);
                continue;
            }
        };
        let client = Client { stream, address, place };
        let served = match form {
            Form::Serial => {
                server.converse(client);
                Ok(())
            }
            Form::Threads => threads::serve(&server, client),
        };
        if let Err((client, error)) = served {
            let Client { stream, address, place } = client;
            place.leave(|| {
                say(&format!("{address} was refused: {error}"));
                server.parting.part(stream, FULL);
            });
        }
    }
}

/// One line of the log. That nobody reads it any more is no reason to end.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Who has a place and is to be served.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    pub(super) address: SocketAddr,
    pub(super) place: Place,
}

pub(super) struct Server {
    pub(super) limits: Limits,
    pub(super) places: Places,
    pub(super) parting: Parting,
}

impl Server {
    /// Serves one client to its end.
    pub(super) fn converse(&self, client: Client) {
        let Client { stream, address, place } = client;
        let stream = Arc::new(stream);
        place.waits_at(&stream);
        let (commands, end) = guarded(|| hold(&stream, self.limits, || self.places.stopping()));
        place.leave(|| {
            // The place had a share in it, and has given it back.
            if let Some(stream) = Arc::into_inner(stream) {
                self.part(stream, &end);
            }
            say(&format!("{address} {}", told(commands, &end)));
        });
    }

    /// Closes a connection.
    pub(super) fn part(&self, stream: TcpStream, end: &End) {
        match end {
            End::Client | End::InALine | End::Broken(_) => drop(stream),
            _ => self.parting.part(stream, end.last_word()),
        }
    }
}
