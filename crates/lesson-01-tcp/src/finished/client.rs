//! The client of the time echo.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::deadline::Deadline;
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::options;

use super::connect::{self, Limits, connect};
use super::wire::{Answer, PIECE, STAMP};

/// The longest line that is taken from standard input, bytes.
const LONGEST_LINE: usize = 1024 * 1024;

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("NAME:PORT")
                .action(ArgAction::Append)
                .conflicts_with("name")
                .help("Instead of --addr: a server by its name; given more than once, they are tried in this order"),
        )
        .arg(options::time("attempt", "3", "Try the next address when one has not answered for so long"))
        .arg(options::time("give-up", "10", "Stop trying to connect after so long"))
        .arg(options::time("timeout", "10", "Give up when an answer takes longer"))
        .after_help(
            "Each line is sent and its answer printed. An empty line, or the end of the input, ends the client.",
        )
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let time = |name| matches.get_one::<Duration>(name).copied().context("an option without a value");
    let limits = Limits { attempt: time("attempt")?, total: time("give-up")? };
    let timeout = time("timeout")?;
    let addresses = match matches.get_many::<String>("to") {
        Some(servers) => connect::resolve(servers)?,
        None => vec![addr],
    };
    let stream = connect(&addresses, limits)?;
    // A line is sent as soon as it is there; the next write waits for its answer in any case.
    stream.set_nodelay(true)?;
    let server = stream.peer_addr()?;
    let prompt = io::stdin().is_terminal();
    loop {
        if prompt {
            eprint!("> ");
        }
        let Some(line) = read_line(&mut io::stdin().lock())? else { return Ok(ExitCode::SUCCESS) };
        let mut out = io::stdout().lock();
        // A piece waits for its answer before the next is sent: two sides that both only write stop each other.
        for piece in line.chunks(PIECE) {
            out.write_all(ask(&stream, server, piece, timeout)?.bytes())?;
        }
        out.write_all(b"\n")?;
        out.flush()?;
    }
}

/// The next line without its end. `None`: it is empty, or there is none any more.
///
/// # Errors
///
/// It is longer than [`LONGEST_LINE`], or the input cannot be read.
fn read_line(input: &mut impl BufRead) -> anyhow::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    input.take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line).context("cannot read standard input")?;
    if line.pop_if(|byte| *byte == b'\n').is_some() {
        // As terminals and files of Windows end a line.
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() > LONGEST_LINE {
        bail!("a line of the input is longer than {LONGEST_LINE} bytes; cut it into several");
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// Sends some bytes and reads the answer to them: a stamp and as many bytes as were sent, or more stamps if the server
/// read them in pieces.
fn ask<'a>(stream: &TcpStream, server: SocketAddr, piece: &'a [u8], timeout: Duration) -> anyhow::Result<Answer<'a>> {
    let deadline = Deadline::after(timeout);
    let mut deadline = deadline.over(stream);
    let mut answer = Answer::to(piece);
    let mut buffer = [0; STAMP + PIECE];
    let lost = |answer: &Answer<'_>, error: io::Error| match error.kind() {
        io::ErrorKind::TimedOut => {
            anyhow!("no answer from {server} within {timeout:?}; is it the time echo that listens there?")
        }
        io::ErrorKind::UnexpectedEof if answer.bytes().is_empty() => {
            anyhow!("{server} closed the connection instead of answering; it may have been stopped")
        }
        io::ErrorKind::UnexpectedEof => anyhow!("{server} closed the connection in the middle of an answer"),
        _ => anyhow!("the connection to {server} broke before the answer was whole: {error}"),
    };
    deadline.write_all(piece).map_err(|error| lost(&answer, error))?;
    while answer.missing() > 0 {
        let part = &mut buffer[..answer.missing()];
        #[expect(clippy::disallowed_methods, reason = "takes what there is and comes back for what is missing")]
        let got = match deadline.read(part) {
            Ok(0) => return Err(lost(&answer, io::ErrorKind::UnexpectedEof.into())),
            Ok(got) => got,
            Err(error) => return Err(lost(&answer, error)),
        };
        answer.feed(&part[..got]).map_err(|fault| {
            anyhow!("{server} sent \"{}\", which is no answer of the time echo: {fault}", shown(&part[..got]))
        })?;
    }
    Ok(answer)
}

/// What a stranger sent, on one line and not long.
fn shown(bytes: &[u8]) -> String {
    const MOST: usize = 40;
    let more = if bytes.len() > MOST { "..." } else { "" };
    format!("{}{more}", bytes[..bytes.len().min(MOST)].escape_ascii())
}
