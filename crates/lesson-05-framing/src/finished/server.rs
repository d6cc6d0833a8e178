//! The server of remote command.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use common::deadline::{Deadline, is_timeout};
use common::framing::{self, json};
use common::server::{Client, Full, Listen, Permits, linger, say, stop, turn_away};
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::{hints, options};

use super::child::{self, Output, Trouble};
use super::wire::{End, Header, MOST_HEADER, MOST_OUTPUT, Refusal, Request};

/// How long a server that was told to stop waits for the reply that it owes.
const STOP: Duration = Duration::from_secs(5);
/// A reply may take this long, and a second more for every so many bytes.
const REPLY: Duration = Duration::from_secs(10);
const SLOWEST: u64 = 256 * 1024;
/// While a command runs the client gets a sign of life this often; after the end of its stream more often, since that
/// is how to find out whether it has gone or has only finished sending.
const PULSE: Duration = Duration::from_secs(2);
const QUICK_PULSE: Duration = Duration::from_millis(100);
/// How long, and for how many bytes, a connection is kept after a last word, so that the word gets through.
const PARTING: Duration = Duration::from_secs(1);
const PARTING_BYTES: u64 = 1024 * 1024;

/// Replies that are kept, at most, and their bytes, at most; the latest one always is.
const KEPT: usize = 32;
const KEPT_BYTES: u64 = 2 * MOST_OUTPUT;

/// What anybody may run: programs that only tell something, whatever their arguments are. `date` is not among them,
/// since `date -s` sets the clock, nor `hostname`, which gives the machine a new name, nor `cat`, which shows any file.
const HARMLESS: &[&str] =
    if cfg!(windows) { &["hostname", "whoami"] } else { &["echo", "false", "printf", "true", "uname", "whoami"] };

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("allow")
                .long("allow")
                .value_name("PROGRAM")
                .action(ArgAction::Append)
                .conflicts_with("name")
                .help(format!(
                    "Also run this program, with any arguments; always allowed: {}. As a client must name it",
                    HARMLESS.join(", ")
                )),
        )
        .arg(
            Arg::new("allow-any")
                .long("allow-any")
                .action(ArgAction::SetTrue)
                .conflicts_with("name")
                .help("Run any program: whoever reaches this port can do whatever you can do on this machine"),
        )
        .arg(options::time("deadline", "60", "A command that runs longer is ended"))
        .arg(options::time(
            "session",
            "300",
            "So long a client may go on asking; then its connection is ended after a reply, and the next client is served",
        ))
        .arg(options::time(
            "patience",
            "5",
            "A request has to begin, and then to be whole, within this time: the next client waits",
        ))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if !addr.ip().to_canonical().is_loopback() {
        bail!(
            "remote command does not listen on {addr}, where other machines could run commands on this one; use a \
             loopback address such as 127.0.0.1:{} (authentication comes in lesson 06)",
            addr.port()
        );
    }
    let time = |name| matches.get_one::<Duration>(name).copied().context("an option without a value");
    let named = matches.get_many::<String>("allow").into_iter().flatten().cloned();
    let mut server = Server {
        allowed: HARMLESS.iter().map(ToString::to_string).chain(named).collect(),
        any: matches.get_flag("allow-any"),
        deadline: time("deadline")?,
        patience: time("patience")?,
        session: time("session")?,
        kept: Kept::default(),
    };
    let listener = Listen::at(addr).open().map_err(|error| hints::cannot_listen(addr, &error))?;
    let address = listener.local_addr()?;
    // The next client waits in the queue.
    let permits = Permits::new(1);
    let stopped = permits.clone();
    ctrlc::set_handler(move || {
        // Before the command that runs is ended: its client is told, and no other one begins.
        stopped.stop();
        child::end_running();
        stop(address, &stopped, STOP);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    if server.any {
        say("any program may be run by whoever reaches this port");
    }
    let serve = |Client { stream, address, permit }| {
        let stream = Arc::new(stream);
        permit.waits_at(&stream);
        let told = server.serve(&stream, address, || permits.is_stopping());
        // Whoever reads the line may rely on it.
        permit.leave(|| {
            drop(stream);
            say(told);
        });
        Ok(())
    };
    let refuse = |stream, address: SocketAddr, why| {
        say(format_args!("{address} was not served: {why}"));
        turn_away(stream, b"");
    };
    let error = common::server::run(&listener, &permits, Full::Wait, serve, refuse);
    Err(error).context("cannot accept connections any more")
}

struct Server {
    allowed: BTreeSet<String>,
    any: bool,
    /// A command may run so long.
    deadline: Duration,
    /// A request may be awaited so long, and may take so long from its first byte to its last.
    patience: Duration,
    /// After so long no further request of a connection is taken.
    session: Duration,
    kept: Kept,
}

/// What the server has to say to a request.
enum Reply {
    Done(Output),
    Failed(String),
}

impl Server {
    /// One connection, from its beginning to its end, and how it went. Nothing that the client does is an error for the
    /// server.
    fn serve(&mut self, stream: &TcpStream, client: SocketAddr, stopping: impl Fn() -> bool) -> String {
        let mut served = 0u64;
        let until = Instant::now() + self.session;
        let end = loop {
            if Instant::now() >= until {
                linger(stream, PARTING, PARTING_BYTES);
                break format!("ended: its {:?} are over", self.session);
            }
            match self.request(stream, client) {
                Ok(true) => served += 1,
                Ok(false) if stopping() => break "ended: the server is being stopped".to_string(),
                Ok(false) => break "ended by the client".to_string(),
                Err(why) => break why,
            }
        };
        let requests = if served == 1 { "request" } else { "requests" };
        format!("{client} served {served} {requests}, {end}")
    }

    /// One request and its reply. `false`: there is none any more. An error says why the connection must be closed.
    fn request(&mut self, stream: &TcpStream, client: SocketAddr) -> Result<bool, String> {
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        match first_byte(stream, self.patience) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) if is_timeout(&error) => {
                return Err(format!("closed: no request within {:?}", self.patience));
            }
            Err(error) => return Err(format!("broken: {error}")),
        }
        let read = match json::read_header(&mut Deadline::after(self.patience).over(stream), MOST_HEADER) {
            Ok(Some(fields)) => Request::from_fields(fields),
            Ok(None) => return Ok(false),
            Err(json::Error::Frame(error)) => {
                let why = match &error {
                    framing::Error::Io(error) if is_timeout(error) => {
                        format!("the request was not whole within {:?}", self.patience)
                    }
                    error => error.to_string(),
                };
                // Where the next frame begins is not known any more, or there is none.
                say(format_args!("{client} no request: {why}"));
                last_word(stream, &why);
                return Err("closed".to_string());
            }
            // The frame was whole, so the next one begins where it should.
            Err(error) => Err(Refusal { id: None, error: error.to_string() }),
        };
        match read {
            Ok(request) => self.answer(stream, client, request)?,
            Err(Refusal { id, error }) => {
                say(format_args!("{client} bad request: {error}"));
                send(stream, id.as_deref(), &Reply::Failed(error))?;
            }
        }
        Ok(true)
    }

    fn answer(&mut self, stream: &TcpStream, client: SocketAddr, request: Request) -> Result<(), String> {
        let id = request.id.clone();
        let shown = shown(&request.command);
        let program = &request.command[0];
        if let Some((before, reply)) = self.kept.get(&id) {
            if *before != request.command {
                say(format_args!("{client} {shown}: refused, its id was used for another command"));
                let error = "this id was used for another command".to_string();
                return send(stream, Some(&id), &Reply::Failed(error));
            }
            say(format_args!("{client} {shown}: asked again, the kept reply is sent"));
            return send(stream, Some(&id), reply);
        }
        if !self.any && !self.allowed.contains(program) {
            say(format_args!("{client} {shown}: refused, not allowed"));
            let error = format!("{program:?} is not among the programs that this server runs");
            return send(stream, Some(&id), &Reply::Failed(error));
        }
        let mut pulse = Pulse::new(stream);
        let (reply, gone) = match child::run(&request.command, self.deadline, || pulse.stopped()) {
            Ok(output) => {
                let (out, err) = (output.stdout.size(), output.stderr.size());
                let end = match output.end {
                    End::Status(status) => format!("status {status}"),
                    End::Signal(signal) => format!("signal {signal}"),
                };
                say(format_args!("{client} {shown}: {end}, {out} bytes of output, {err} of errors"));
                (Reply::Done(output), false)
            }
            Err(trouble) => {
                say(format_args!("{client} {shown}: {trouble}"));
                (Reply::Failed(trouble.to_string()), matches!(trouble, Trouble::Gone))
            }
        };
        // Kept before it is sent: it is the sending that may go wrong.
        let reply = self.kept.add(request, reply);
        if gone {
            return Err("gone".to_string());
        }
        send(stream, Some(&id), reply)
    }
}

/// Waits for the first byte of a request without taking it; `false` at the end of the stream.
fn first_byte(stream: &TcpStream, within: Duration) -> io::Result<bool> {
    let deadline = Deadline::after(within);
    loop {
        stream.set_read_timeout(Some(deadline.left()?))?;
        match stream.peek(&mut [0]) {
            Ok(got) => return Ok(got > 0),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Sends a reply. An error says why the connection is lost.
fn send(stream: &TcpStream, id: Option<&str>, reply: &Reply) -> Result<(), String> {
    let sent = match reply {
        Reply::Failed(error) => {
            let header = Header::Failed { id: id.map(ToString::to_string), error: error.clone() };
            json::write(&mut Deadline::after(REPLY).over(stream), &header.to_json(), &[], MOST_HEADER)
        }
        Reply::Done(Output { end, stdout, stderr }) => {
            let id = id.unwrap_or_default().to_string();
            let header = Header::Done { id, end: *end, stdout: stdout.size(), stderr: stderr.size() }.to_json();
            let seconds = (stdout.size() + stderr.size()) / SLOWEST;
            let deadline = Deadline::after(REPLY + Duration::from_secs(seconds));
            let mut writer = deadline.over(stream);
            match (stdout.in_memory(), stderr.in_memory()) {
                (Some(stdout), Some(stderr)) => json::write(&mut writer, &header, &[stdout, stderr], MOST_HEADER),
                _ => json::write(&mut writer, &header, &[], MOST_HEADER).and_then(|()| {
                    stdout.copy_to(&mut writer)?;
                    Ok(stderr.copy_to(&mut writer)?)
                }),
            }
        }
    };
    sent.map_err(|error| match error {
        json::Error::Frame(framing::Error::Io(error)) if is_timeout(&error) => {
            "closed: it did not take the reply".to_string()
        }
        error => format!("broken while the reply was sent: {error}"),
    })
}

/// Says why the connection is closed, and waits a little for the client to read it.
fn last_word(stream: &TcpStream, why: &str) {
    // It fails when the client has gone, and then there is nobody to tell.
    let _ = send(stream, None, &Reply::Failed(why.to_string()));
    linger(stream, PARTING, PARTING_BYTES);
}

/// Tells the client that its command still runs, and finds out in this way whether it is still there.
struct Pulse<'a> {
    stream: &'a TcpStream,
    last: Instant,
    /// The client has sent all that it will send.
    ended: bool,
}

impl Pulse<'_> {
    fn new(stream: &TcpStream) -> Pulse<'_> {
        Pulse { stream, last: Instant::now(), ended: false }
    }

    /// Whether the client has gone. The end of its stream does not say so: it may only have finished sending. But a
    /// client that is really gone answers the next bytes with a reset.
    fn stopped(&mut self) -> bool {
        match self.look() {
            Ok(gone) => gone,
            Err(error) => error.kind() != io::ErrorKind::Interrupted,
        }
    }

    fn look(&mut self) -> io::Result<bool> {
        if self.stream.take_error()?.is_some() {
            return Ok(true);
        }
        self.stream.set_nonblocking(true)?;
        let looked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false)?;
        match looked {
            Ok(got) => self.ended |= got == 0,
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
        if self.last.elapsed() >= if self.ended { QUICK_PULSE } else { PULSE } {
            self.last = Instant::now();
            let empty = framing::write_frame(&mut Deadline::after(PARTING).over(self.stream), b"", MOST_HEADER);
            return Ok(empty.is_err());
        }
        Ok(false)
    }
}

/// A command as one word of the log: what a stranger sent, on one line and not long.
fn shown(command: &[String]) -> String {
    const LONGEST: usize = 100;
    let text = format!("{command:?}");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The latest replies, so that a request that comes again is not run again.
#[derive(Default)]
struct Kept {
    replies: VecDeque<(Request, Reply)>,
    bytes: u64,
}

impl Kept {
    fn get(&self, id: &str) -> Option<(&[String], &Reply)> {
        let (request, reply) = self.replies.iter().find(|(request, _)| request.id == id)?;
        Some((&request.command, reply))
    }

    fn add(&mut self, request: Request, reply: Reply) -> &Reply {
        self.bytes += size(&reply);
        while self.replies.len() >= KEPT || self.bytes > KEPT_BYTES {
            let Some((_, oldest)) = self.replies.pop_front() else { break };
            self.bytes -= size(&oldest);
        }
        self.replies.push_back((request, reply));
        &self.replies[self.replies.len() - 1].1
    }
}

fn size(reply: &Reply) -> u64 {
    match reply {
        Reply::Done(output) => output.stdout.size() + output.stderr.size(),
        Reply::Failed(_) => 0,
    }
}
