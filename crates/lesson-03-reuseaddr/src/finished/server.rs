//! The server.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::time::Duration;

use anyhow::Context;
use common::deadline::Deadline;
use common::server::{Client, Full, Permit, Permits, flush, linger, say, spawn, stop, turn_away};
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::options;

use super::listen::listen;
use super::{HELLO, HI};

/// With `--once`, how long to wait for a descriptor: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
/// With `--once`, how long the reader of the log may take.
const FLUSH: Duration = Duration::from_secs(1);
/// Clients that are served at the same time; the next ones wait in the queue of the kernel.
const MOST_CLIENTS: usize = 64;
/// How long, and for how many bytes, a connection is kept after the answer, so that the answer gets through: closing a
/// socket with unread bytes in it resets the connection (RFC 9293, section 3.6.1).
const PARTING: Duration = Duration::from_secs(1);
const PARTING_BYTES: u64 = 64 * 1024;

pub(super) fn options(command: Command) -> Command {
    let flag = |name| Arg::new(name).long(name).action(ArgAction::SetTrue).conflicts_with("name");
    command
        .arg(flag("once").help("End after one client; with status 1 if it could not be greeted"))
        .arg(flag("no-reuse-address").help(
            "Leave SO_REUSEADDR off, as the first form of this server did: on Unix it cannot be started again for a \
             while after it has served",
        ))
        .arg(flag("quiet").help("Say nothing of single clients"))
        .arg(super::timeout_option("A client that takes longer to say hello is given up"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let listener = listen(addr, !matches.get_flag("no-reuse-address"))?;
    let server = Server { timeout: options::get(matches, "timeout")?, quiet: matches.get_flag("quiet") };
    let address = listener.local_addr()?;
    let permits = Permits::new(MOST_CLIENTS);
    let stopped = permits.clone();
    // Nobody who has begun to be served is left without an answer: each has so long for its hello, the answer and the end.
    let time = 2 * server.timeout + PARTING;
    ctrlc::set_handler(move || {
        stop(address, &stopped, time);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    if matches.get_flag("once") {
        return once(listener, &permits, server);
    }
    let serve = |client| {
        spawn(client, move |Client { stream, address, permit }| {
            server.serve(stream, address, permit);
        })
    };
    // Any word would be taken for an answer.
    let refuse = |stream, address: SocketAddr, why| {
        say(format_args!("{address} was not served: {why}"));
        turn_away(stream, b"");
    };
    let error = common::server::run(&listener, &permits, Full::Wait, serve, refuse);
    Err(error).context("cannot accept connections any more")
}

/// Serves the first client and nobody else.
fn once(listener: TcpListener, permits: &Permits, server: Server) -> anyhow::Result<ExitCode> {
    let accepted = common::accept::accept(&listener, |_, _| permits.wait_until_one_less(SHORTAGE));
    let (stream, address) = accepted.context("cannot accept connections any more")?;
    drop(listener);
    let Ok(permit) = permits.take(address.ip()) else { return Ok(ExitCode::FAILURE) };
    let greeted = server.serve(stream, address, permit);
    flush(FLUSH);
    Ok(if greeted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Clone, Copy)]
struct Server {
    timeout: Duration,
    quiet: bool,
}

impl Server {
    /// One connection, from its beginning to its end; whether the client was greeted. Nothing that a client does is an
    /// error for the server.
    fn serve(self, stream: TcpStream, client: SocketAddr, permit: Permit) -> bool {
        let greeted = self.greet(&stream);
        permit.leave(|| {
            drop(stream);
            match &greeted {
                _ if self.quiet => {}
                Ok(()) => say(format_args!("{client} said hello and was greeted")),
                Err(why) => say(format_args!("{client} was not greeted: {why}")),
            }
        });
        greeted.is_ok()
    }

    fn greet(self, stream: &TcpStream) -> Result<(), String> {
        let mut hello = [0; HELLO.len()];
        Deadline::after(self.timeout).over(stream).read_exact(&mut hello).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => format!("it said no hello within {:?}", self.timeout),
            io::ErrorKind::UnexpectedEof => "it closed the connection before its hello was whole".to_string(),
            _ => error.to_string(),
        })?;
        if hello != *HELLO {
            return Err(format!("it said \"{}\"", hello.escape_ascii()));
        }
        Deadline::after(self.timeout).over(stream).write_all(HI).map_err(|error| error.to_string())?;
        linger(stream, PARTING, PARTING_BYTES);
        Ok(())
    }
}
