//! The client of the finished program.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use common::connect::connect;
use common::deadline::is_timeout;
use lab::clap::{Arg, ArgMatches, Command, value_parser};
use lab::hints;

use super::lines::Lines;
use super::{ARROW, ERROR, LONGEST, count, shown};

/// How long the server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a write may wait for the server to read.
const WRITE: Duration = Duration::from_secs(30);

pub(super) fn options(command: Command) -> Command {
    command.arg(
        Arg::new("silence")
            .long("silence")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64).range(1..=86_400))
            .default_value("10")
            .conflicts_with("name")
            .help("Give up when a message is not acknowledged for so long"),
    )
}

/// What the two threads share.
#[derive(Default)]
struct Sent {
    /// Messages that were sent and not acknowledged yet, and when each was sent.
    waiting: VecDeque<(Vec<u8>, Instant)>,
    /// What came of the sending, once it is over.
    outcome: Option<io::Result<()>>,
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let silence = Duration::from_secs(*matches.get_one("silence").context("an option has no value")?);
    let stream = connect(addr, CONNECT).map_err(|error| hints::cannot_connect(env!("CARGO_PKG_NAME"), addr, &error))?;
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(WRITE))?;
    let shared = Arc::new(Mutex::new(Sent::default()));
    let (sending, sent) = (stream.try_clone()?, shared.clone());
    // Two directions, two threads: a client that sends everything before it reads stops when all buffers are full.
    thread::spawn(move || {
        let outcome = send(&sending, &sent);
        lock(&sent).outcome = Some(outcome);
        // It fails when the server has gone, and the other thread sees that as well.
        let _ = sending.shutdown(Shutdown::Write);
    });
    let read = read_answers(&stream, &shared, silence);
    let mut sent = lock(&shared);
    match (read, sent.outcome.take()) {
        (Err(error), _) => return Err(error),
        (Ok(()), Some(outcome)) => outcome.context("cannot send the messages")?,
        (Ok(()), None) => bail!("the server ended the connection too early"),
    }
    match sent.waiting.len() {
        0 => Ok(ExitCode::SUCCESS),
        left => bail!("the server ended the connection, and {} went without an answer", count(left as u64, "message")),
    }
}

fn lock(sent: &Mutex<Sent>) -> MutexGuard<'_, Sent> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends each line of standard input as one message.
fn send(mut stream: &TcpStream, sent: &Mutex<Sent>) -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut message = Vec::new();
    while input.read_until(b'\n', &mut message)? > 0 {
        if message.ends_with(b"\n") {
            message.pop();
        }
        lock(sent).waiting.push_back((message.clone(), Instant::now()));
        message.push(b'\n');
        // The message and its end leave in one write.
        stream.write_all(&message)?;
        message.clear();
    }
    Ok(())
}

/// Prints what the server acknowledges until it ends its stream.
fn read_answers(mut stream: &TcpStream, sent: &Mutex<Sent>, silence: Duration) -> anyhow::Result<()> {
    let mut lines = Lines::new(ARROW.len() + LONGEST);
    let mut buffer = [0; 4096];
    // From when on there is nothing left for the server but to end its stream.
    let mut done: Option<Instant> = None;
    loop {
        // Whatever else comes meanwhile: the timeout of the socket is for one read.
        let left = {
            let sent = lock(sent);
            let oldest = sent.waiting.front().map(|(_, since)| *since);
            if oldest.is_none() && sent.outcome.is_some() {
                done.get_or_insert_with(Instant::now);
            }
            let since = oldest.or(done);
            since.map_or(silence, |since| silence.saturating_sub(since.elapsed()))
        };
        if left.is_zero() {
            let what = if done.is_some() {
                "the end of the connection did not come"
            } else {
                "a message was not acknowledged"
            };
            bail!("{what} within {}", count(silence.as_secs(), "second"));
        }
        stream.set_read_timeout(Some(left))?;
        #[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes; Lines keeps the rest")]
        let got = match stream.read(&mut buffer) {
            Ok(0) => {
                lines.end().map_err(|error| anyhow::anyhow!("an answer is not whole: {error}"))?;
                return Ok(());
            }
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if is_timeout(&error) => continue,
            Err(error) => return Err(error).context("the connection broke"),
        };
        lines.feed(&buffer[..got]);
        while let Some(line) =
            lines.next_line().map_err(|error| anyhow::anyhow!("no answer of this server: {error}"))?
        {
            if let Some(why) = line.strip_prefix(ERROR) {
                bail!("the server says: {}", shown(why));
            }
            let message =
                line.strip_prefix(ARROW).with_context(|| format!("no answer of this server: {}", shown(line)))?;
            match lock(sent).waiting.pop_front() {
                Some((wanted, _)) if wanted == message => writeln!(io::stdout(), "-----> {}", shown(message))?,
                Some((wanted, _)) => bail!("{:?} was sent, {:?} was understood", shown(&wanted), shown(message)),
                None => bail!("{:?} was acknowledged, and not sent", shown(message)),
            }
        }
    }
}
