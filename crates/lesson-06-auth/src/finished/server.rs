//! The server: login and echo for several clients at the same time.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::auth::{Channel, REFUSAL};
use common::deadline::Deadline;
use common::server::{Listen, flush, say, turn_away};
use lab::clap::{ArgMatches, Command, value_parser};
use lab::{hints, options};

use super::keys::{self, Keys};
use super::places::{Most, Place, Places};
use super::{PIECE, SERVICE};

/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
/// How long a client may take to accept an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How often a client that says nothing is looked at, for it may have to be told that the server stops.
const LOOK: Duration = Duration::from_millis(100);
/// How long a server that was told to stop waits for its clients.
const STOP: Duration = Duration::from_secs(5);

pub(super) fn options(command: Command) -> Command {
    let number = |name, default, help| {
        options::value(name, "NUMBER", help).value_parser(value_parser!(u16).range(1..=10_000)).default_value(default)
    };
    command
        .arg(
            options::value("keys", "FOLDER", "The keys of those who may log in, one file IDENTITY.key for each")
                .value_parser(value_parser!(PathBuf))
                .default_value("keys"),
        )
        .arg(keys::exposed_option())
        .arg(options::time("login", "5", "Who has not logged in after so long is refused"))
        .arg(options::time("idle", "60", "A client that sends no data for so long is given up"))
        .arg(number("clients", "64", "So many connections at the same time; the next ones are refused"))
        .arg(number("strangers", "16", "So many of them may be before or in their login"))
        .arg(number("per-address", "16", "So many of these may come from one address"))
        .arg(number("per-identity", "16", "So many connections one identity may have at the same time"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let folder = matches.get_one::<PathBuf>("keys").context("an option without a value")?;
    let server = Arc::new(Server {
        keys: Keys::from_folder(folder, matches.get_flag("exposed-keys"))?,
        login: options::get(matches, "login")?,
        idle: options::get(matches, "idle")?,
        places: Places::new(Most {
            all: options::get::<u16>(matches, "clients")?.into(),
            strangers: options::get::<u16>(matches, "strangers")?.into(),
            strangers_of_one_address: options::get::<u16>(matches, "per-address")?.into(),
            of_one_identity: options::get::<u16>(matches, "per-identity")?.into(),
        }),
    });
    let listener = Listen::at(addr).open().map_err(|error| hints::cannot_listen(addr, &error))?;
    let places = server.places.clone();
    ctrlc::set_handler(move || {
        places.stop(STOP);
        flush(Duration::from_secs(1));
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    server.places.start_watching()?;
    say(format_args!("listening on {}", listener.local_addr()?));
    loop {
        let (stream, client) = accept(&listener, &server.places)?;
        // From here: waiting for a thread is part of the time.
        let deadline = Deadline::after(server.login);
        let stream = Arc::new(stream);
        let place = match server.places.take(&stream, client.ip()) {
            Ok(place) => place,
            Err(why) => {
                say(format_args!("{client} was refused: {why}"));
                refuse(stream);
                continue;
            }
        };
        let (its_server, its_stream) = (server.clone(), stream.clone());
        let started = thread::Builder::new().spawn(move || {
            let how = its_server.serve(its_stream, &deadline, &place);
            place.leave(|| say(format_args!("{client} {how}")));
        });
        if let Err(error) = started {
            say(format_args!("{client} was refused: nobody can serve it: {error}"));
            refuse(stream);
        }
    }
}

fn accept(listener: &TcpListener, places: &Places) -> anyhow::Result<(TcpStream, SocketAddr)> {
    common::accept::accept(listener, |error, times| {
        if times == 1 {
            say(format_args!("no connection can be accepted for now: {error}"));
        }
        places.wait_for_a_change(SHORTAGE);
    })
    .context("cannot accept connections any more")
}

/// Nobody waits for a client that is not let in.
fn refuse(stream: Arc<TcpStream>) {
    if let Some(stream) = Arc::into_inner(stream) {
        turn_away(stream, &REFUSAL);
    }
}

struct Server {
    keys: Keys,
    login: Duration,
    idle: Duration,
    places: Places,
}

impl Server {
    /// One connection, and how it went. Nothing that a client does is an error for the server.
    fn serve(&self, stream: Arc<TcpStream>, deadline: &Deadline, place: &Place) -> String {
        // An answer is one record and one write: nothing is gained by waiting for more.
        if let Err(error) = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(LOOK))) {
            return format!("was not served: {error}");
        }
        let mut channel = match Channel::accept(stream, SERVICE, |identity| self.keys.of(identity), deadline) {
            Ok(channel) => channel,
            Err(_) if self.places.stopping() => return "had not logged in when the server was stopped".to_string(),
            Err(error) => return format!("was refused: {error}"),
        };
        if !place.logged_in(channel.identity()) {
            let how =
                finished(&mut channel, place, "has as many connections as an identity may have, and was told the end");
            return format!("({}) {how}", channel.identity());
        }
        let (bytes, end) = self.echo(&mut channel, place);
        let which = if channel.key_number() == 0 { "" } else { ", new key" };
        format!("({}{which}) had {bytes} bytes answered, {end}", channel.identity())
    }

    /// Sends every piece back in capitals, to the authenticated end. How many bytes, and how it ended.
    fn echo(&self, channel: &mut Channel<Arc<TcpStream>>, place: &Place) -> (u64, String) {
        let mut buffer = [0; PIECE];
        let mut answered = 0;
        place.within(self.idle);
        loop {
            #[expect(clippy::disallowed_methods, reason = "whatever one read gives is a piece and gets its answer")]
            let got = match channel.read(&mut buffer) {
                Ok(0) => return (answered, finished(channel, place, "ended by the client")),
                Ok(got) => got,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if self.places.stopping() {
                        return (answered, finished(channel, place, "ended: the server was stopped"));
                    }
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) if place.expired() => {
                    return (answered, format!("closed: no data came for {:?}", self.idle));
                }
                Err(error) => return (answered, format!("broken: {error}")),
            };
            buffer[..got].make_ascii_uppercase();
            place.within(ANSWER);
            match channel.write_all(&buffer[..got]).and_then(|()| channel.flush()) {
                Ok(()) => answered += got as u64,
                Err(_) if place.expired() => {
                    return (answered, format!("closed: an answer was not taken within {ANSWER:?}"));
                }
                Err(error) => return (answered, format!("broken: {error}")),
            }
            // A client that always has more to ask never lets a read time out.
            if self.places.stopping() {
                return (answered, finished(channel, place, "ended: the server was stopped"));
            }
            place.within(self.idle);
        }
    }
}

/// Tells the client that there is nothing more to come, and that this is no attack.
fn finished(channel: &mut Channel<Arc<TcpStream>>, place: &Place, how: &str) -> String {
    place.within(ANSWER);
    match channel.finish() {
        Ok(()) => how.to_string(),
        Err(error) => format!("{how}, and the end could not be sent: {error}"),
    }
}
