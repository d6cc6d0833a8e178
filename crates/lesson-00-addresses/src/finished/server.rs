//! The server.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::deadline::Deadline;
use ipnet::IpNet;
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::options;

use super::WELCOME;
use super::allow::{self, AllowList};
use super::listen::listen;
use crate::kinds::kind;

/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
/// Clients that are served at the same time; the next ones wait in the queue of the kernel.
const MOST_CLIENTS: usize = 64;
/// For how many bytes a connection is kept after the answer, so that the answer gets through: closing a socket with
/// unread bytes in it resets the connection (RFC 9293 section 3.10.4).
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
    let networks = matches.get_many::<IpNet>("allow").into_iter().flatten().copied();
    let server = Arc::new(Server { allowed: AllowList::new(networks), timeout: options::get(matches, "timeout")? });
    let clients = Clients::default();
    let signalled = clients.clone();
    ctrlc::set_handler(move || {
        // Exit closes the listener; nobody who has begun to be served is left without an answer.
        signalled.stop();
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(&format!("listening on {}", listener.local_addr()?));
    loop {
        let (stream, client) = accept(&listener, &clients)?;
        let place = clients.place();
        let server = Arc::clone(&server);
        let started = thread::Builder::new().spawn(move || {
            server.serve(&stream, client.ip());
            drop(place);
        });
        if let Err(error) = started {
            say(&format!("{} was not served: {error}", client.ip()));
        }
    }
}

fn accept(listener: &TcpListener, clients: &Clients) -> anyhow::Result<(TcpStream, SocketAddr)> {
    common::accept::accept(listener, |error, times| {
        if times == 1 {
            say(&format!("no connection can be accepted for now: {error}"));
        }
        clients.wait_for_a_change(SHORTAGE);
    })
    .context("cannot accept connections any more")
}

/// One line of the log. That nobody reads it any more is no reason to end.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

struct Server {
    allowed: AllowList,
    timeout: Duration,
}

impl Server {
    /// One connection, from its beginning to its end. Nothing that a client does is an error for the server.
    fn serve(&self, stream: &TcpStream, client: IpAddr) {
        let client = client.to_canonical();
        let admitted = self.allowed.admits(client);
        say(&match self.answer(stream, &answer(client, admitted)) {
            Ok(()) if admitted => format!("{client} was let in"),
            Ok(()) => format!("{client} is not on the list and was told so"),
            Err(error) => format!("{client} got no answer: {error}"),
        });
    }

    fn answer(&self, mut stream: &TcpStream, line: &str) -> io::Result<()> {
        stream.set_write_timeout(Some(self.timeout))?;
        stream.write_all(line.as_bytes())?;
        // Both fail when the client has gone, and then there is nobody who could miss the answer.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = io::copy(&mut Deadline::after(self.timeout).over(stream).take(PARTING_BYTES), &mut io::sink());
        Ok(())
    }
}

/// One line, at most [`super::LONGEST_ANSWER`] bytes.
fn answer(client: IpAddr, admitted: bool) -> String {
    let verdict = if admitted { WELCOME } else { "sorry, you are not on the list of this server" };
    format!("you come from {client} ({}): {verdict}\n", kind(client).name)
}

/// The clients that are being served.
#[derive(Clone, Default)]
struct Clients(Arc<(Mutex<Count>, Condvar)>);

#[derive(Default)]
struct Count {
    served: usize,
    stopping: bool,
}

/// The right to serve one client; dropping it gives it back.
struct Place(Clients);

impl Clients {
    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl Fn(&Count) -> bool) -> MutexGuard<'_, Count> {
        let wait = self.0.1.wait_while(self.lock(), |count| condition(count));
        wait.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more client may be served: for ever, once the server is being stopped.
    fn place(&self) -> Place {
        self.wait_while(|count| count.stopping || count.served >= MOST_CLIENTS).served += 1;
        Place(self.clone())
    }

    /// Waits until a client has left, but not for long.
    fn wait_for_a_change(&self, most: Duration) {
        let before = self.lock().served;
        drop(self.0.1.wait_timeout_while(self.lock(), most, |count| count.served >= before));
    }

    /// Lets nobody in any more and waits for those who are being served, each of which has a deadline.
    fn stop(&self) {
        self.lock().stopping = true;
        drop(self.wait_while(|count| count.served > 0));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.lock().served -= 1;
        self.0.0.1.notify_all();
    }
}
