//! The client of the menu.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::connect::connect;
use common::deadline::Deadline;
use lab::clap::{ArgAction, ArgMatches, Command};
use lab::{hints, options};

use super::wire::{AGAIN, ANSWER, GREETING, LONGEST, ZERO};

/// The longest line that a server says instead of an answer, bytes.
const REFUSAL: usize = 200;

pub(super) fn options(command: Command) -> Command {
    command
        .arg(options::time("timeout", "10", "Give up when an answer takes longer"))
        .arg(
            options::value("bare", "", "Send each command without a newline, to a server that takes one read as a command")
                .action(ArgAction::SetTrue),
        )
        .after_help(
            "Each line is sent and its answer printed. The word exit, or the end of the input, ends the client.\n\
             Use --bare if the server answers `0` with \"enter again\": it compares the bytes of one read, so a newline \
             makes every command a wrong one. The client waits for each answer before it sends the next command. At the \
             end of the input it sends exit, because such a server may not notice the end of the stream. Do not use \
             --bare with `serve --lines`.",
        )
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let timeout = options::get(matches, "timeout")?;
    let bare = matches.get_flag("bare");
    let stream = connect(addr, timeout).map_err(|error| hints::cannot_connect(env!("CARGO_PKG_NAME"), addr, &error))?;
    stream.set_nodelay(true)?;
    let server = Menu { stream, addr, timeout, ending: if bare { b"" } else { b"\n" } };
    server.show::<{ GREETING.len() }>(&[GREETING])?;
    let prompt = io::stdin().is_terminal();
    loop {
        if prompt {
            eprint!("> ");
        }
        match read_line(&mut io::stdin().lock())? {
            Some(line) if bare && line.is_empty() => {
                eprintln!(
                    "an empty line is not sent: without a newline it has no bytes, and the server would not answer"
                );
            }
            Some(line) if line != b"exit" => {
                server.send(line)?;
                server.show::<ANSWER>(&[ZERO, AGAIN])?;
            }
            None if !bare => {
                server.stream.shutdown(std::net::Shutdown::Write).map_err(|error| server.lost(&error))?;
                break;
            }
            // A server that compares reads may take the end of the stream for a command, and answer it without end.
            Some(_) | None => {
                server.send(b"exit".to_vec())?;
                break;
            }
        }
    }
    server.end()?;
    Ok(ExitCode::SUCCESS)
}

/// The next line, without its end. `None`: there is none any more.
///
/// # Errors
///
/// It is longer than [`LONGEST`], or the input cannot be read.
fn read_line(input: &mut impl BufRead) -> anyhow::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    // And two bytes for its end, as terminals and files of Windows write it.
    let most = LONGEST as u64 + 2;
    if input.take(most).read_until(b'\n', &mut line).context("cannot read standard input")? == 0 {
        return Ok(None);
    }
    line.pop_if(|byte| *byte == b'\n');
    line.pop_if(|byte| *byte == b'\r');
    if line.len() > LONGEST {
        bail!("a line of the input is longer than {LONGEST} bytes, which is the most that a command may have");
    }
    Ok(Some(line))
}

/// The other side.
struct Menu {
    stream: TcpStream,
    addr: SocketAddr,
    timeout: Duration,
    /// What follows each command.
    ending: &'static [u8],
}

impl Menu {
    fn send(&self, mut command: Vec<u8>) -> anyhow::Result<()> {
        command.extend_from_slice(self.ending);
        Deadline::after(self.timeout).over(&self.stream).write_all(&command).map_err(|error| self.lost(&error))
    }

    /// Reads as many bytes as belong here, however they are cut, and prints them. They are one of these texts.
    fn show<const LENGTH: usize>(&self, texts: &[&str]) -> anyhow::Result<()> {
        let deadline = Deadline::after(self.timeout);
        let mut bytes = [0; LENGTH];
        let mut got = 0;
        let beginning = |bytes: &[u8]| texts.iter().any(|text| text.as_bytes().starts_with(bytes));
        while got < LENGTH {
            #[expect(clippy::disallowed_methods, reason = "looks at what there is and comes back for what is missing")]
            let more = match deadline.over(&self.stream).read(&mut bytes[got..]) {
                Ok(0) if got > 0 => bail!("{} ended the connection in the middle of an answer", self.addr),
                Ok(0) => bail!("{} ended the connection instead of answering; it may have been stopped", self.addr),
                Ok(more) => more,
                Err(error) => return Err(self.lost(&error)),
            };
            got += more;
            if !beginning(&bytes[..got]) {
                return Err(self.other_word(&bytes[..got], &deadline));
            }
        }
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.write_all(b"\n")?;
        Ok(out.flush()?)
    }

    /// The server says something else: a line with a reason, or it is no menu.
    fn other_word(&self, begun: &[u8], deadline: &Deadline) -> anyhow::Error {
        let mut word = begun.to_vec();
        let mut more = [0; 1];
        while word.len() < REFUSAL && !word.ends_with(b"\n") {
            // Without its end it is shown as far as it came.
            if deadline.over(&self.stream).read_exact(&mut more).is_err() {
                break;
            }
            word.push(more[0]);
        }
        let plain = |text: &&str| !text.is_empty() && !text.contains(char::is_control);
        match word.strip_suffix(b"\n").and_then(|line| str::from_utf8(line).ok()).filter(plain) {
            Some(line) => anyhow!("{} does not answer and says: {line}", self.addr),
            None => anyhow!("{} sent \"{}\", which is no answer of the menu", self.addr, word.escape_ascii()),
        }
    }

    /// Waits for the server's end.
    fn end(&self) -> anyhow::Result<()> {
        let deadline = Deadline::after(self.timeout);
        match io::copy(&mut deadline.over(&self.stream).take(1), &mut io::sink()) {
            Ok(0) => Ok(()),
            Ok(_) => bail!("{} sent more than it was asked", self.addr),
            Err(error) => Err(self.lost(&error)),
        }
    }

    fn lost(&self, error: &io::Error) -> anyhow::Error {
        match error.kind() {
            ErrorKind::TimedOut => anyhow!("{}: no whole answer came within {:?}", self.addr, self.timeout),
            _ => anyhow!("{}: the connection broke: {error}", self.addr),
        }
    }
}
