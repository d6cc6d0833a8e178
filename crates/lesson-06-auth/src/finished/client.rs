//! The client of the upper-case echo.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::auth::Channel;
use common::deadline::Deadline;
use lab::clap::{ArgMatches, Command, value_parser};
use lab::options;

use super::{PIECE, SERVICE, keys};

/// The longest line that is taken from standard input, bytes.
const LONGEST_LINE: usize = 1024 * 1024;

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            options::value("key", "FILE", "The file with the key; without it, the key is taken from ECHO_KEY")
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(options::value("identity", "NAME", "Log in as NAME; without it, NAME.key is the name of the file"))
        .arg(keys::exposed_option())
        .arg(options::time("login", "5", "Give up when the login is not done after so long"))
        .arg(options::time(
            "timeout",
            "10",
            "Give up when the answer to a piece of at most 1024 bytes, or the server's end, is not whole after so long, \
             however its bytes come",
        ))
        .after_help(
            "Each line is sent and its answer printed. The word quit, or the end of the input, ends the client. The key \
             itself is no option: everybody on this machine could read it there.",
        )
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let exposed = matches.get_flag("exposed-keys");
    let (identity, key) = keys::of_client(matches.get_one("key"), matches.get_one("identity"), exposed)?;
    let (login, timeout) = (options::get(matches, "login")?, options::get(matches, "timeout")?);
    let stream = common::connect::connect(addr, timeout).map_err(|error| cannot_connect(addr, error))?;
    stream.set_nodelay(true)?;
    let mut channel = Channel::connect(stream, SERVICE, &identity, &key, &Deadline::after(login))
        .map_err(|error| anyhow!("{addr}: {error}"))?;
    let prompt = io::stdin().is_terminal();
    loop {
        if prompt {
            eprint!("> ");
        }
        let Some(line) = read_line(&mut io::stdin().lock())? else { break };
        let mut out = io::stdout().lock();
        // A piece waits for its answer before the next is sent: two sides that both only write stop each other.
        for piece in line.chunks(PIECE) {
            channel.set_deadline(Some(Deadline::after(timeout)));
            out.write_all(&ask(&mut channel, piece).map_err(|error| lost(addr, timeout, error))?)?;
        }
        out.write_all(b"\n")?;
        out.flush()?;
    }
    channel.set_deadline(Some(Deadline::after(timeout)));
    channel.finish().and_then(|()| end(&mut channel)).map_err(|error| match error.kind() {
        ErrorKind::TimedOut => {
            anyhow!("{addr} did not end the conversation within {timeout:?}; every answer was whole")
        }
        _ => lost(addr, timeout, error),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The hint is for the one error that a server which runs would cure.
fn cannot_connect(addr: SocketAddr, error: io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        ErrorKind::ConnectionRefused => {
            format!("; is the server running? start it, in another terminal: {}", keys::command("serve --keys keys"))
        }
        ErrorKind::TimedOut => "; check the address, and whether a firewall is in between".to_string(),
        _ => String::new(),
    };
    anyhow!("cannot connect to {addr}: {error}{hint}")
}

/// The next line that is not empty, without its end. `None`: it is `quit`, or there is none any more.
///
/// # Errors
///
/// It is longer than [`LONGEST_LINE`], or the input cannot be read.
fn read_line(input: &mut impl BufRead) -> anyhow::Result<Option<Vec<u8>>> {
    loop {
        let mut line = Vec::new();
        let most = LONGEST_LINE as u64 + 1;
        let got = input.take(most).read_until(b'\n', &mut line).context("cannot read standard input")?;
        if line.pop_if(|byte| *byte == b'\n').is_some() {
            // As terminals and files of Windows end a line.
            line.pop_if(|byte| *byte == b'\r');
        }
        if line.len() > LONGEST_LINE {
            bail!("a line of the input is longer than {LONGEST_LINE} bytes; cut it into several");
        }
        if got == 0 || line == b"quit" {
            return Ok(None);
        }
        if !line.is_empty() {
            return Ok(Some(line));
        }
    }
}

/// As many bytes come back as were sent, however they are cut.
fn ask(channel: &mut Channel, piece: &[u8]) -> io::Result<Vec<u8>> {
    channel.write_all(piece)?;
    channel.flush()?;
    let mut answer = vec![0; piece.len()];
    channel.read_exact(&mut answer)?;
    Ok(answer)
}

/// The server ends its direction too, and the end is its own: a FIN alone can be made by anybody on the path.
fn end(channel: &mut Channel) -> io::Result<()> {
    match io::copy(&mut channel.take(1), &mut io::sink())? {
        0 => Ok(()),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "it sent more than it was asked")),
    }
}

fn lost(addr: SocketAddr, timeout: Duration, error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::TimedOut => anyhow!("{addr}: the answer was not there within {timeout:?}"),
        // Behind the authenticated end; a stream that was cut off has another kind.
        ErrorKind::UnexpectedEof => {
            anyhow!("{addr} ended the conversation instead of answering; it may have been stopped")
        }
        _ => anyhow!("{addr}: {error}"),
    }
}
