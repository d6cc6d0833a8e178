//! The server.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::deadline::Deadline;
use lab::clap::{Arg, ArgAction, ArgMatches, Command};
use lab::options;

use super::listen::listen;
use super::{HELLO, HI};

/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
/// Clients that are served at the same time; the next ones wait in the queue of the kernel.
const MOST_CLIENTS: usize = 64;
/// How long, and for how many bytes, a connection is kept after the answer, so that the answer gets through: closing a
/// socket with unread bytes in it resets the connection (RFC 9293, section 3.10.4).
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
    let clients = Clients::default();
    let signalled = clients.clone();
    ctrlc::set_handler(move || {
        // Exit closes the listener; nobody who has begun to be served is left without an answer.
        signalled.stop();
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    say(&format!("listening on {}", listener.local_addr()?));
    if matches.get_flag("once") {
        let (stream, client) = accept(&listener, &clients)?;
        drop(listener);
        let _place = clients.place();
        return Ok(if server.serve(&stream, client) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    loop {
        let (stream, client) = accept(&listener, &clients)?;
        let place = clients.place();
        let started = thread::Builder::new().spawn(move || {
            server.serve(&stream, client);
            drop(place);
        });
        if let Err(error) = started {
            say(&format!("{client} was not served: {error}"));
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

#[derive(Clone, Copy)]
struct Server {
    timeout: Duration,
    quiet: bool,
}

impl Server {
    /// One connection, from its beginning to its end; whether the client was greeted. Nothing that a client does is an
    /// error for the server.
    fn serve(self, stream: &TcpStream, client: SocketAddr) -> bool {
        let greeted = self.greet(stream);
        if !self.quiet {
            say(&match &greeted {
                Ok(()) => format!("{client} said hello and was greeted"),
                Err(why) => format!("{client} was not greeted: {why}"),
            });
        }
        greeted.is_ok()
    }

    fn greet(self, mut stream: &TcpStream) -> Result<(), String> {
        let mut hello = [0; HELLO.len()];
        Deadline::after(self.timeout).over(stream).read_exact(&mut hello).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => format!("it said no hello within {:?}", self.timeout),
            io::ErrorKind::UnexpectedEof => "it closed the connection before its hello was whole".to_string(),
            _ => error.to_string(),
        })?;
        if hello != *HELLO {
            return Err(format!("it said \"{}\"", hello.escape_ascii()));
        }
        stream.set_write_timeout(Some(self.timeout)).map_err(|error| error.to_string())?;
        stream.write_all(HI).map_err(|error| error.to_string())?;
        // Both fail when the client has gone, and then there is nobody who could miss the answer.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = io::copy(&mut Deadline::after(PARTING).over(stream).take(PARTING_BYTES), &mut io::sink());
        Ok(())
    }
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
