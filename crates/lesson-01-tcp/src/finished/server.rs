//! The server of the time echo.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use chrono::{DateTime, Local, NaiveDateTime};
use common::deadline::Deadline;
use lab::clap::{Arg, ArgMatches, Command, value_parser};
use lab::options;

use super::wire::{PIECE, STAMP};

/// How long a client may take to accept an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
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
    let listener = TcpListener::bind(addr).map_err(|error| cannot_listen(addr, error))?;
    let clients = Clients::default();
    let signalled = clients.clone();
    ctrlc::set_handler(move || {
        signalled.stop();
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(&format!("listening on {}", listener.local_addr()?));
    loop {
        let (stream, client) = accept(&listener, &clients)?;
        let stream = Arc::new(stream);
        let place = clients.place(most.into(), &stream);
        let started = thread::Builder::new().spawn(move || {
            let (bytes, end) = server.serve(&stream);
            // Whoever reads the line may rely on it.
            drop(place);
            drop(stream);
            say(&format!("{client} had {bytes} bytes stamped, {end}"));
        });
        if let Err(error) = started {
            say(&format!("{client} was not served: {error}"));
        }
    }
}

fn cannot_listen(addr: SocketAddr, error: io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => "; end the other program or choose a port with --addr",
        io::ErrorKind::PermissionDenied => "; choose a port from 1024 up with --addr",
        io::ErrorKind::AddrNotAvailable => "; choose an address of this machine with --addr",
        _ => "",
    };
    anyhow::anyhow!("cannot listen on {addr}: {error}{hint}")
}

/// The address comes with the connection: `peer_addr` fails when the client has already reset it.
fn accept(listener: &TcpListener, clients: &Clients) -> anyhow::Result<(TcpStream, SocketAddr)> {
    common::accept::accept(listener, |error, times| {
        if times == 1 {
            say(&format!("no connection can be accepted for now: {error}"));
        }
        clients.wait_for_a_change(SHORTAGE);
    })
    .context("cannot accept connections any more")
}

/// One line of the log. That nobody reads it any more is no reason to end.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
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
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
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

/// The clients that are being served.
#[derive(Clone, Default)]
struct Clients(Arc<(Mutex<Served>, Condvar)>);

#[derive(Default)]
struct Served {
    streams: HashMap<u64, Arc<TcpStream>>,
    last: u64,
    stopping: bool,
}

/// The right to serve one client; dropping it gives it back.
struct Place {
    clients: Clients,
    number: u64,
}

impl Clients {
    fn lock(&self) -> MutexGuard<'_, Served> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more client may be served: for ever, once the server is being stopped.
    fn place(&self, most: usize, stream: &Arc<TcpStream>) -> Place {
        let full = |served: &mut Served| served.stopping || served.streams.len() >= most;
        let mut served = self.0.1.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        served.last += 1;
        let number = served.last;
        served.streams.insert(number, stream.clone());
        Place { clients: self.clone(), number }
    }

    /// Waits until a client has left, but not for long.
    fn wait_for_a_change(&self, most: Duration) {
        let before = self.lock().streams.len();
        drop(self.0.1.wait_timeout_while(self.lock(), most, |served| served.streams.len() >= before));
    }

    /// Lets nobody in any more, reads nothing any more, and waits for the answers to what has been read.
    fn stop(&self) {
        let mut served = self.lock();
        served.stopping = true;
        for stream in served.streams.values() {
            // It fails when that client has gone, and then there is nothing to stop.
            let _ = stream.shutdown(Shutdown::Read);
        }
        // The time is for clients that do not take their answers.
        drop(self.0.1.wait_timeout_while(served, STOP, |served| !served.streams.is_empty()));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clients.lock().streams.remove(&self.number);
        self.clients.0.1.notify_all();
    }
}
