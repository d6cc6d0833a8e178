//! The server of the time echo.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use chrono::{DateTime, Local, NaiveDateTime};
use common::deadline::Deadline;
use common::server::{Client, Full, Listen, Permits, say, spawn, stop, turn_away};
use lab::clap::{Arg, ArgMatches, Command, value_parser};
use lab::{hints, options};

use super::wire::{PIECE, STAMP};

/// How long a client may take to accept an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a server that was told to stop waits for what it has begun.
const STOP: Duration = Duration::from_secs(5);

pub(super) fn options(command: Command) -> Command {
    command
        .arg(options::time("idle", "60", "A client that sends nothing for so long is given up"))
        .arg(
            Arg::new("clients")
                .long("clients")
                .value_name("NUMBER")
                .value_parser(value_parser!(u16).range(1..=10_000))
                .default_value("64")
                .conflicts_with("name")
                .help("So many clients are served at the same time; the next ones wait"),
        )
        .arg(
            Arg::new("backlog")
                .long("backlog")
                .value_name("NUMBER")
                .value_parser(value_parser!(u16).range(1..))
                .default_value("4096")
                .conflicts_with("name")
                .help("So many connections may wait to be accepted; the system may allow fewer"),
        )
        .arg(
            Arg::new("clock")
                .long("clock")
                .value_name("TIME")
                .value_parser(clock)
                .conflicts_with("name")
                .help("Stamp every answer with this time, such as 2026-02-03T09:05:00, instead of the present one"),
        )
}

fn clock(text: &str) -> Result<NaiveDateTime, String> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok();
    time.filter(|time| stamp(*time).len() == STAMP).ok_or_else(|| "a time such as 2026-02-03T09:05:00".to_string())
}

/// 27 bytes for a year of four digits.
fn stamp(time: NaiveDateTime) -> String {
    time.format("[%a %b %e %H:%M:%S %Y] ").to_string()
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let server = Server {
        idle: *matches.get_one("idle").context("an option without a value")?,
        clock: matches.get_one("clock").copied(),
    };
    let most: u16 = *matches.get_one("clients").context("an option without a value")?;
    let listening = Listen::at(addr).backlog(options::get(matches, "backlog")?).open();
    let listener = listening.map_err(|error| hints::cannot_listen(addr, &error))?;
    let address = listener.local_addr()?;
    let permits = Permits::new(most.into());
    let stopped = permits.clone();
    ctrlc::set_handler(move || {
        stop(address, &stopped, STOP);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    let serve = |client| {
        spawn(client, move |Client { stream, address, permit }| {
            let stream = Arc::new(stream);
            permit.waits_at(&stream);
            let (bytes, end) = server.serve(&stream);
            // Whoever reads the line may rely on it.
            permit.leave(|| {
                drop(stream);
                say(format_args!("{address} had {bytes} bytes stamped, {end}"));
            });
        })
    };
    // An answer is a stamp and what was sent; any other word would be taken for one.
    let refuse = |stream, address: SocketAddr, why| {
        say(format_args!("{address} was not served: {why}"));
        turn_away(stream, b"");
    };
    let error = common::server::run(&listener, &permits, Full::Wait, serve, refuse);
    Err(error).context("cannot accept connections any more")
}

#[derive(Clone, Copy)]
struct Server {
    idle: Duration,
    /// Instead of the present time.
    clock: Option<NaiveDateTime>,
}

impl Server {
    /// One conversation: how many bytes were stamped, and how it ended. Nothing that a client does is an error for the
    /// server.
    fn serve(self, stream: &TcpStream) -> (u64, String) {
        let mut stamped = 0;
        let mut buffer = [0; PIECE];
        loop {
            #[expect(clippy::disallowed_methods, reason = "whatever one read gives is a piece and gets its own stamp")]
            let got = match Deadline::after(self.idle).over(stream).read(&mut buffer) {
                Ok(0) => return (stamped, "ended by the client".to_string()),
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return (stamped, format!("closed: nothing came for {:?}", self.idle));
                }
                Err(error) => return (stamped, format!("broken: {error}")),
            };
            let time = self.clock.unwrap_or_else(|| DateTime::<Local>::from(SystemTime::now()).naive_local());
            // One write for both: the reader may see them apart all the same, but no packet is sent for 27 bytes.
            let answer = [stamp(time).as_bytes(), &buffer[..got]].concat();
            match Deadline::after(ANSWER).over(stream).write_all(&answer) {
                Ok(()) => stamped += got as u64,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return (stamped, format!("closed: an answer was not taken within {ANSWER:?}"));
                }
                Err(error) => return (stamped, format!("broken: {error}")),
            }
        }
    }
}
