//! The server.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::deadline::Deadline;
use common::server::{Client, Full, Permit, Permits, linger, say, spawn, stop, turn_away};
use ipnet::IpNet;
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::options;

use super::WELCOME;
use super::allow::{self, AllowList};
use super::listen::listen;
use crate::kinds::kind;

/// Clients that are served at the same time; the next ones wait in the queue of the kernel.
const MOST_CLIENTS: usize = 64;
/// For how many bytes a connection is kept after the answer, so that the answer gets through: closing a socket with
/// unread bytes in it resets the connection (RFC 9293 section 3.6.1).
const PARTING_BYTES: u64 = 64 * 1024;

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("allow")
                .long("allow")
                .value_name("ADDR[/PREFIX]")
                .value_parser(allow::network)
                .action(ArgAction::Append)
                .default_values(["127.0.0.0/8", "::1/128"])
                .conflicts_with("name")
                .help("A network whose clients are let in; may be given several times"),
        )
        .arg(Arg::new("dual-stack").long("dual-stack").action(ArgAction::SetTrue).conflicts_with("name").help(
            "Take IPv4 clients at an IPv6 socket, too: with --addr [::]:PORT every address of this machine, with an IPv4 \
             address that one in its mapped form",
        ))
        .arg(super::timeout_option("A client that takes longer to read its answer and to close is given up"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let listener = listen(addr, matches.get_flag("dual-stack"))?;
    let address = listener.local_addr()?;
    let networks = matches.get_many::<IpNet>("allow").into_iter().flatten().copied();
    let server = Arc::new(Server { allowed: AllowList::new(networks), timeout: options::get(matches, "timeout")? });
    let permits = Permits::new(MOST_CLIENTS);
    let stopped = permits.clone();
    // Nobody who has begun to be served is left without an answer: each has so long to take it and to close.
    let time = 2 * server.timeout;
    ctrlc::set_handler(move || {
        stop(address, &stopped, time);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(format_args!("listening on {address}"));
    let serve = |client| {
        let server = server.clone();
        spawn(client, move |Client { stream, address, permit }| {
            server.serve(stream, address.ip(), permit);
        })
    };
    let refuse = |stream, address: SocketAddr, why| {
        say(format_args!("{} was not served: {why}", address.ip()));
        turn_away(stream, format!("sorry, {why}: try again later\n").as_bytes());
    };
    let error = common::server::run(&listener, &permits, Full::Wait, serve, refuse);
    Err(error).context("cannot accept connections any more")
}

struct Server {
    allowed: AllowList,
    timeout: Duration,
}

impl Server {
    /// One connection, from its beginning to its end. Nothing that a client does is an error for the server.
    fn serve(&self, stream: TcpStream, client: IpAddr, permit: Permit) {
        let client = client.to_canonical();
        let admitted = self.allowed.admits(client);
        let answered = Deadline::after(self.timeout).over(&stream).write_all(answer(client, admitted).as_bytes());
        if answered.is_ok() {
            linger(&stream, self.timeout, PARTING_BYTES);
        }
        permit.leave(|| {
            drop(stream);
            say(match answered {
                Ok(()) if admitted => format!("{client} was let in"),
                Ok(()) => format!("{client} is not on the list and was told so"),
                Err(error) => format!("{client} got no answer: {error}"),
            });
        });
    }
}

/// One line, at most [`super::LONGEST_ANSWER`] bytes.
fn answer(client: IpAddr, admitted: bool) -> String {
    let verdict = if admitted { WELCOME } else { "sorry, you are not on the list of this server" };
    format!("you come from {client} ({}): {verdict}\n", kind(client).name)
}
