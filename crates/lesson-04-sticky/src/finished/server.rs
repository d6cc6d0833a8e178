//! The server of the finished program.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use common::deadline::{Deadline, is_timeout};
use common::server::{Client, Full, Listen, Permits, Refused, linger, say, spawn, stop, turn_away};
use lab::clap::{Arg, ArgMatches, Command, value_parser};
use lab::hints;

use super::lines::Lines;
use super::{ARROW, ERROR, LONGEST, count, shown};

/// So many clients are served at the same time. Further ones wait in the queue of the listener.
const CLIENTS: usize = 64;
/// How long a server that was told to stop waits for what it has begun.
const STOP: Duration = Duration::from_secs(5);
/// What a client is told then.
const STOPPING: &str = "the server is being stopped";
/// A client may take this long to accept an answer.
const WRITE: Duration = Duration::from_secs(10);
/// How long, and for how many bytes, a connection is kept after a last word, so that the word gets through.
const PARTING: Duration = Duration::from_secs(1);
const PARTING_BYTES: u64 = 1024 * 1024;
/// Read at once, at most, bytes.
const PIECE: usize = 4096;

pub(super) fn options(command: Command) -> Command {
    let number = |name: &'static str, value: &'static str, default: &'static str, most: u64, help: &'static str| {
        let parser = value_parser!(u64).range(1..=most);
        Arg::new(name).long(name).value_name(value).value_parser(parser).default_value(default).help(help)
    };
    command.args([
        number("limit", "BYTES", "1024", LONGEST as u64, "The longest message that is accepted").conflicts_with("name"),
        number("idle", "SECONDS", "60", 86_400, "How long a client may send nothing").conflicts_with("name"),
        number("deadline", "SECONDS", "5", 86_400, "How long a message may take from its first byte to its last")
            .conflicts_with("name"),
    ])
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if !addr.ip().to_canonical().is_loopback() {
        bail!("{addr} can be reached by other machines; use a loopback address such as 127.0.0.1:{}", addr.port());
    }
    let number = |name| matches.get_one::<u64>(name).copied().context("an option has no value");
    let limits = Limits {
        message: usize::try_from(number("limit")?)?,
        idle: Duration::from_secs(number("idle")?),
        deadline: Duration::from_secs(number("deadline")?),
    };
    let listener = Listen::at(addr).open().map_err(|error| hints::cannot_listen(addr, &error))?;
    let address = listener.local_addr()?;
    let permits = Permits::new(CLIENTS);
    let stopped = permits.clone();
    ctrlc::set_handler(move || {
        stop(address, &stopped, STOP);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    let serve = |client| {
        let permits = permits.clone();
        spawn(client, move |Client { stream, address, permit }| {
            let stream = Arc::new(stream);
            permit.waits_at(&stream);
            let (messages, end) = converse(&stream, limits, || permits.is_stopping());
            permit.leave(|| {
                drop(stream);
                say(format_args!("{address} closed after {}: {end}", count(messages, "message")));
            });
        })
    };
    let refuse = |stream, address: SocketAddr, why: Refused| {
        say(format_args!("{address} was not served: {why}"));
        turn_away(stream, format!("error: {why}: try again later\n").as_bytes());
    };
    let error = common::server::run(&listener, &permits, Full::Wait, serve, refuse);
    Err(error).context("cannot accept connections any more")
}

#[derive(Clone, Copy)]
struct Limits {
    message: usize,
    idle: Duration,
    deadline: Duration,
}

/// One connection, from its beginning to its end: how many messages came, and why it is over. Nothing that the client does
/// is an error for the server.
fn converse(stream: &TcpStream, limits: Limits, stopping: impl Fn() -> bool) -> (u64, String) {
    let mut messages = 0;
    let end = match receive(stream, limits, &mut messages) {
        Ok(()) | Err(End::Refused(_)) if stopping() => {
            last_word(stream, STOPPING);
            STOPPING.to_string()
        }
        Ok(()) => "the client ended its stream".to_string(),
        Err(End::Refused(why)) => {
            last_word(stream, &why);
            why
        }
        Err(End::Broken(error)) if is_timeout(&error) => "it did not take the answers".to_string(),
        Err(End::Broken(error)) => format!("the connection broke: {error}"),
    };
    (messages, end)
}

/// Why a connection ends before the client says so.
enum End {
    /// The client is told this reason.
    Refused(String),
    /// It cannot be told anything any more.
    Broken(io::Error),
}

/// Takes messages until the end of the stream.
fn receive(stream: &TcpStream, limits: Limits, messages: &mut u64) -> Result<(), End> {
    stream.set_nodelay(true).map_err(End::Broken)?;
    let mut lines = Lines::new(limits.message);
    let mut buffer = [0; PIECE];
    let mut begun = None;
    loop {
        let idle = Deadline::after(limits.idle);
        #[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes; Lines keeps the rest")]
        let got = match begun.as_ref().unwrap_or(&idle).over(stream).read(&mut buffer) {
            Ok(0) => return lines.end().map_err(|error| End::Refused(error.to_string())),
            Ok(got) => got,
            Err(error) if is_timeout(&error) => {
                let (what, time) = if begun.is_some() {
                    ("a message was not whole", limits.deadline)
                } else {
                    ("nothing came", limits.idle)
                };
                return Err(End::Refused(format!("{what} within {}", count(time.as_secs(), "second"))));
            }
            Err(error) => return Err(End::Broken(error)),
        };
        lines.feed(&buffer[..got]);
        let mut answers = Vec::new();
        let refused = loop {
            match lines.next_line() {
                Ok(Some(message)) => {
                    say(format_args!("-----> {}", shown(message)));
                    answers.extend([ARROW, message, b"\n"].concat());
                    *messages += 1;
                    begun = None;
                }
                Ok(None) => break None,
                Err(error) => break Some(End::Refused(error.to_string())),
            }
        };
        // One write for all that one read gave.
        Deadline::after(WRITE).over(stream).write_all(&answers).map_err(End::Broken)?;
        if let Some(refused) = refused {
            return Err(refused);
        }
        if lines.pending() > 0 {
            begun.get_or_insert_with(|| Deadline::after(limits.deadline));
        }
    }
}

/// Says why the connection is closed, and waits a little for the client to read it.
fn last_word(stream: &TcpStream, why: &str) {
    // It fails when the client has gone, and then there is nobody to tell.
    if Deadline::after(PARTING).over(stream).write_all(&[ERROR, why.as_bytes(), b"\n"].concat()).is_ok() {
        linger(stream, PARTING, PARTING_BYTES);
    }
}
