//! The client of remote command.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::deadline::is_timeout;
use common::framing::{self, json};
use lab::clap::{Arg, ArgMatches, Command};
use lab::{hints, options};

use super::wire::{End, Header, MOST_HEADER, Request};

/// How long the server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may take to accept a request, which is short.
const WRITE: Duration = Duration::from_secs(10);

pub(super) fn options(command: Command) -> Command {
    command
        .arg(options::time("silence", "60", "Give up when nothing came from the server for so long"))
        .arg(
            Arg::new("id")
                .long("id")
                .value_name("ID")
                .conflicts_with("name")
                .help("The ids of the requests begin with this: the server runs each id once, however often it comes"),
        )
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .last(true)
                .conflicts_with("name")
                .help("Run this one and end with its exit status; without it, commands are read from standard input"),
        )
        .after_help(
            "A line is cut into words at blanks. '...' and \"...\" keep blanks in a word; nothing else is special: no \
             variables, no *, no pipes, no backslash, since no shell takes part.",
        )
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let silence = *matches.get_one("silence").context("an option without a value")?;
    let mut client = Client { addr, silence, stream: None, ids: Ids::new(matches.get_one("id")) };
    if let Some(words) = matches.get_many::<String>("command") {
        return match client.ask(words.cloned().collect())? {
            Answer::Ended(end) => Ok(exit_code(end)),
            Answer::Failed(error) => bail!(error),
        };
    }
    client.read_lines()
}

/// The exit status of the remote command; 128 + its number for a signal, as a shell reports it.
fn exit_code(end: End) -> ExitCode {
    let status = match end {
        End::Status(status) => status,
        End::Signal(signal) => 128 + signal,
    };
    u8::try_from(status).map_or(ExitCode::FAILURE, ExitCode::from)
}

struct Client {
    addr: SocketAddr,
    silence: Duration,
    /// Kept from one command to the next.
    stream: Option<TcpStream>,
    ids: Ids,
}

enum Answer {
    Ended(End),
    Failed(String),
}

/// Why there is no answer.
enum Failure {
    /// The connection broke: the request may have been carried out or not. Asking again with the same id is safe.
    Lost(String),
    /// Asking again would not help.
    Final(anyhow::Error),
}

/// What came of a reply before the connection broke.
#[derive(Default)]
struct Progress {
    header: Option<Header>,
    stdout: u64,
    stderr: u64,
}

impl Client {
    /// Runs the commands on standard input, one a line. Ends with what the last one ended with.
    fn read_lines(&mut self) -> anyhow::Result<ExitCode> {
        let prompt = io::stdin().is_terminal();
        let mut code = ExitCode::SUCCESS;
        let mut line = String::new();
        loop {
            if prompt {
                eprint!("> ");
            }
            line.clear();
            if io::stdin().lock().read_line(&mut line).context("cannot read standard input")? == 0 {
                return Ok(code);
            }
            let command = match words(&line) {
                Ok(command) if command.is_empty() => continue,
                Ok(command) => command,
                Err(error) => {
                    eprintln!("error: {error}");
                    code = ExitCode::FAILURE;
                    continue;
                }
            };
            code = match self.ask(command)? {
                Answer::Ended(end) => exit_code(end),
                Answer::Failed(error) => {
                    eprintln!("error: {error}");
                    ExitCode::FAILURE
                }
            };
        }
    }

    /// Has one command run, and asks a second time if the connection breaks. The id tells the server that it is the
    /// same request.
    fn ask(&mut self, command: Vec<String>) -> anyhow::Result<Answer> {
        let request = Request { id: self.ids.next(), command };
        let mut progress = Progress::default();
        let first = match self.attempt(&request, &mut progress) {
            Ok(answer) => return Ok(answer),
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::Lost(why)) => why,
        };
        eprintln!("the connection broke ({first}); asking once more, with the same id");
        self.stream = None;
        match self.attempt(&request, &mut progress) {
            Ok(answer) => Ok(answer),
            Err(Failure::Final(error)) => Err(error),
            Err(Failure::Lost(why)) => bail!("the connection to {} broke twice: {why}", self.addr),
        }
    }

    fn attempt(&mut self, request: &Request, progress: &mut Progress) -> Result<Answer, Failure> {
        let stream = self.connection()?;
        let answer = self.exchange(&stream, request, progress)?;
        self.stream = Some(stream);
        Ok(answer)
    }

    fn exchange(&self, mut stream: &TcpStream, request: &Request, progress: &mut Progress) -> Result<Answer, Failure> {
        json::write(&mut stream, &request.to_json(), &[], MOST_HEADER).map_err(|error| match error {
            json::Error::Frame(framing::Error::Io(error)) if is_timeout(&error) => {
                Failure::Final(anyhow!("{} did not take the request within {WRITE:?}", self.addr))
            }
            json::Error::Frame(framing::Error::Io(error)) => Failure::Lost(error.to_string()),
            error => Failure::Final(anyhow!("the command is too long: {error}")),
        })?;
        let header = self.header(stream)?;
        let (end, stdout, stderr) = match &header {
            Header::Failed { id: Some(id), .. } | Header::Done { id, .. } if *id != request.id => {
                return Err(Failure::Final(anyhow!("the reply belongs to another request: {id:?}")));
            }
            Header::Failed { id: Some(_), error } => return Ok(Answer::Failed(error.clone())),
            // Such an error may be the last word before the server closes.
            Header::Failed { id: None, error } => return Err(Failure::Final(anyhow!("the server says: {error}"))),
            Header::Done { end, stdout, stderr, .. } => (*end, *stdout, *stderr),
        };
        if progress.header.get_or_insert_with(|| header.clone()) != &header {
            return Err(Failure::Final(anyhow!("the second reply is not the first one: {}", header.to_json())));
        }
        self.copy(stream, stdout, &mut progress.stdout, &mut io::stdout().lock())?;
        self.copy(stream, stderr, &mut progress.stderr, &mut io::stderr().lock())?;
        Ok(Answer::Ended(end))
    }

    /// The connection that is there, if the server has not closed it meanwhile, or else a new one.
    fn connection(&mut self) -> Result<TcpStream, Failure> {
        if let Some(stream) = self.stream.take()
            && still_open(&stream)
        {
            return Ok(stream);
        }
        let connect = || {
            let stream = common::connect::connect(self.addr, CONNECT)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(self.silence))?;
            stream.set_write_timeout(Some(WRITE))?;
            Ok(stream)
        };
        connect().map_err(|error: io::Error| {
            Failure::Final(hints::cannot_connect(env!("CARGO_PKG_NAME"), self.addr, &error))
        })
    }

    /// The header of the reply. Empty frames before it say that the command still runs.
    fn header(&self, mut stream: &TcpStream) -> Result<Header, Failure> {
        let not_ours = |error: String| Failure::Final(anyhow!("this is no server of remote command: {error}"));
        loop {
            let payload = match framing::read_frame(&mut stream, MOST_HEADER) {
                Ok(Some(payload)) if payload.is_empty() => continue,
                Ok(Some(payload)) => payload,
                Ok(None) => return Err(Failure::Lost(framing::Error::Closed.to_string())),
                Err(framing::Error::Io(error)) => return Err(self.failure(error)),
                Err(error @ framing::Error::TooLong { .. }) => return Err(not_ours(error.to_string())),
                Err(error) => return Err(Failure::Lost(error.to_string())),
            };
            let header = json::Fields::parse(&payload).and_then(Header::from_fields);
            return header.map_err(|error| not_ours(error.to_string()));
        }
    }

    /// Hands on `size` bytes, of which the first `done` were handed on before the connection broke.
    fn copy(&self, mut stream: &TcpStream, size: u64, done: &mut u64, out: &mut impl Write) -> Result<(), Failure> {
        let skipped = io::copy(&mut stream.take(*done), &mut io::sink()).map_err(|error| self.failure(error))?;
        let mut here = skipped;
        let mut buffer = vec![0; 64 * 1024];
        while here < size {
            let most = buffer.len().min(usize::try_from(size - here).unwrap_or(usize::MAX));
            #[expect(clippy::disallowed_methods, reason = "hands on any part of the output as it comes, and counts")]
            let got = match stream.read(&mut buffer[..most]) {
                Ok(0) => return Err(Failure::Lost(format!("the stream ended after {here} of {size} bytes of output"))),
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failure(error)),
            };
            out.write_all(&buffer[..got]).map_err(|error| Failure::Final(error.into()))?;
            here += got as u64;
            *done = here;
        }
        out.flush().map_err(|error| Failure::Final(error.into()))
    }

    fn failure(&self, error: io::Error) -> Failure {
        if is_timeout(&error) {
            Failure::Final(anyhow!("nothing came from {} within {:?}", self.addr, self.silence))
        } else {
            Failure::Lost(error.to_string())
        }
    }
}

/// Whether the server has neither closed this connection nor sent anything unasked.
fn still_open(stream: &TcpStream) -> bool {
    let look = || {
        stream.set_nonblocking(true)?;
        let looked = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        looked
    };
    look().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

/// Makes the ids of requests: what they begin with, and a number.
struct Ids {
    start: String,
    count: u64,
}

impl Ids {
    /// Without a start of the user's own they begin with 128 bits from the hasher with a random key that std has for
    /// its hash maps. They must differ from those of every other client; that nobody can guess them is not their task.
    fn new(start: Option<&String>) -> Ids {
        let random = || RandomState::new().hash_one(std::process::id());
        let start = start.cloned().unwrap_or_else(|| format!("{:016x}{:016x}", random(), random()));
        Ids { start, count: 0 }
    }

    fn next(&mut self) -> String {
        self.count += 1;
        format!("{}-{}", self.start, self.count)
    }
}

/// Cuts a line into words at blanks. Quotes of either kind keep blanks, and quotes of the other kind, in a word, and may
/// stand anywhere in it: `a' 'b` is one word of three characters.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '"' || c == '\'' => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(format!("a {open} was opened and not closed"));
    }
    words.extend(word);
    Ok(words)
}
