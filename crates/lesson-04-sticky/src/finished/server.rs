//! The server of the finished program.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use common::deadline::{Deadline, is_timeout};
use lab::clap::{Arg, ArgMatches, Command, value_parser};

use super::lines::Lines;
use super::{ARROW, ERROR, LONGEST, count, shown};

/// So many clients are served at the same time. Further ones wait in the queue of the listener.
const CLIENTS: usize = 64;
/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
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
    let listener = TcpListener::bind(addr).with_context(|| format!("cannot listen on {addr}"))?;
    say(&format!("listening on {}", listener.local_addr()?));
    let places = Arc::new(Places::default());
    loop {
        let place = places.take();
        let (stream, client) = common::accept::accept(&listener, |error, times| {
            if times == 1 {
                say(&format!("no connection can be accepted for now: {error}"));
            }
            places.wait_for_a_change(SHORTAGE);
        })
        .context("cannot accept connections any more")?;
        let serve = move || {
            let _place = place;
            serve(&stream, client, limits);
        };
        if let Err(error) = thread::Builder::new().spawn(serve) {
            say(&format!("{client} was not served: {error}"));
        }
    }
}

/// One line of the log. That nobody reads it any more is no reason to end.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

#[derive(Clone, Copy)]
struct Limits {
    message: usize,
    idle: Duration,
    deadline: Duration,
}

/// Counts the clients that are served now.
#[derive(Default)]
struct Places {
    taken: Mutex<usize>,
    freed: Condvar,
}

/// Dropping it makes room for the next client.
struct Place(Arc<Places>);

impl Places {
    /// Waits until there is one.
    fn take(self: &Arc<Self>) -> Place {
        let full = |taken: &mut usize| *taken >= CLIENTS;
        let mut taken = self.freed.wait_while(self.taken(), full).unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Place(self.clone())
    }

    /// Waits until a client has left, but not for long.
    fn wait_for_a_change(&self, most: Duration) {
        let before = *self.taken();
        drop(self.freed.wait_timeout_while(self.taken(), most, |taken| *taken >= before));
    }

    fn taken(&self) -> MutexGuard<'_, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.taken() -= 1;
        self.0.freed.notify_one();
    }
}

/// One connection, from its beginning to its end. Nothing that the client does is an error for the server.
fn serve(stream: &TcpStream, client: SocketAddr, limits: Limits) {
    let mut messages = 0;
    let end = match receive(stream, limits, &mut messages) {
        Ok(()) => "the client ended its stream".to_string(),
        Err(End::Refused(why)) => {
            last_word(stream, &why);
            why
        }
        Err(End::Broken(error)) if is_timeout(&error) => "it did not take the answers".to_string(),
        Err(End::Broken(error)) => format!("the connection broke: {error}"),
    };
    say(&format!("{client} closed after {}: {end}", count(messages, "message")));
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
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
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
                    say(&format!("-----> {}", shown(message)));
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

/// Says why the connection is closed, and waits a little for the client to read it: a socket that is closed with unread
/// bytes in it resets the connection (RFC 9293, section 3.10.4), and a reset destroys what was sent before it.
fn last_word(stream: &TcpStream, why: &str) {
    let deadline = Deadline::after(PARTING);
    let mut timed = deadline.over(stream);
    // Each of these fails when the client has gone, and then there is nobody to tell.
    if timed.write_all(&[ERROR, why.as_bytes(), b"\n"].concat()).is_err() {
        return;
    }
    let _ = stream.shutdown(Shutdown::Write);
    let _ = io::copy(&mut timed.take(PARTING_BYTES), &mut io::sink());
}
