//! What befalls the fixed servers of a lesson, and what becomes of each. They are cured of one mistake and are no programs to
//! be shipped: how each fares is written down, and nothing else may come of it. Linux.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::misfortune::{comes_to_rest, comes_to_rest_or};
use super::strangers::sides;
use super::{Running, experiments, has_prlimit, prlimit, until};
use crate::poll::{self, lock};

/// What befalls a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mishap {
    /// It has no descriptor left for one more connection (EMFILE), and then some again.
    NoDescriptors,
    /// Clients reset their connections as soon as they have said something.
    Resets,
    /// It is stopped while it serves a client, and goes on: Ctrl-Z and `fg`.
    Stop,
    /// Nobody reads its standard output any more (EPIPE).
    NoReader,
}

/// What becomes of it. Where nothing is written down, it lives and accepts the next client, and none of its threads has
/// panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its conversation ends with the error EINTR; it accepts the next client.
    LosesTheClient,
    /// One of its threads panics; it accepts the next client.
    Panics,
    /// The process ends.
    Ends,
}

/// What becomes of some servers: which mishap, which outcome, of which experiments, and why.
pub type Fare = (Mishap, Outcome, &'static [&'static str], &'static str);

/// Puts the fixed TCP server of every experiment of a lesson under each [`Mishap`]: what becomes of it must be what is written
/// down.
///
/// # Panics
///
/// When anything differs: the message lists every difference.
pub fn assert_fixed_servers_fare(program: &str, written_down: &[Fare]) {
    /// Servers at the same time: most of it is waiting.
    const AT_ONCE: usize = 8;
    let all = experiments(program, &["list", "--json"]);
    let servers = all.iter().flat_map(|experiment| sides(experiment, "twins")).filter(|(_, side)| side == "server");
    let mut mishaps = vec![Mishap::Resets, Mishap::Stop, Mishap::NoReader];
    mishaps.extend(has_prlimit().then_some(Mishap::NoDescriptors));
    let cases: Vec<(String, Mishap)> =
        servers.flat_map(|(name, _)| mishaps.iter().map(move |mishap| (name.clone(), *mishap))).collect();
    let next = AtomicUsize::new(0);
    let seen = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((name, mishap)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(outcome) = outcome(program, name, *mishap) {
                        lock(&seen).insert((*mishap, outcome, name.clone()));
                    }
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let named = |(mishap, outcome, names, _): &Fare| {
        let (mishap, outcome) = (*mishap, *outcome);
        names.iter().map(move |name| (mishap, outcome, (*name).to_string())).collect::<Vec<_>>()
    };
    let written: BTreeSet<(Mishap, Outcome, String)> =
        written_down.iter().filter(|fare| mishaps.contains(&fare.0)).flat_map(named).collect();
    let not_written: Vec<_> = seen.difference(&written).collect();
    let not_seen: Vec<_> = written.difference(&seen).collect();
    assert!(
        not_written.is_empty() && not_seen.is_empty(),
        "\nnot written down: {not_written:?}\nwritten down and not so: {not_seen:?}\n"
    );
}

/// A server, and all that it has printed.
struct Exposed {
    process: Running,
    address: SocketAddr,
    said: Arc<Mutex<String>>,
}

fn outcome(program: &str, experiment: &str, mishap: Mishap) -> Option<Outcome> {
    let mut server = Exposed::start(program, experiment, mishap == Mishap::NoReader)?;
    match mishap {
        Mishap::NoDescriptors => server.runs_out_of_descriptors(),
        Mishap::Resets => server.is_reset(),
        Mishap::Stop => server.is_stopped(),
        Mishap::NoReader => server.talks(program, experiment),
    }
    if !server.accepts_the_next() {
        return Some(Outcome::Ends);
    }
    if server.has_said(" panicked at ") {
        return Some(Outcome::Panics);
    }
    (mishap == Mishap::Stop && server.has_said("os error 4)")).then_some(Outcome::LosesTheClient)
}

impl Exposed {
    /// `None`, with the reason printed, for a server that is not a TCP server.
    fn start(program: &str, experiment: &str, without_reader: bool) -> Option<Exposed> {
        let mut command = Command::new(program);
        command.args(["serve", experiment, "--addr", "127.0.0.1:0"]).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut out = BufReader::with_capacity(1, child.stdout.take().expect("its output is piped"));
        let err = child.stderr.take().expect("its errors are piped");
        let process = Running(child);
        let said = Arc::new(Mutex::new(String::new()));
        keep(err, &said);
        let mut line = String::new();
        out.read_line(&mut line).expect("its first line");
        let address: Option<SocketAddr> =
            line.trim().strip_prefix("listening on ").and_then(|address| address.parse().ok());
        if !without_reader {
            keep(out, &said);
        }
        let server = address.map(|address| Exposed { process, address, said });
        let server = server.filter(|server| server.queue().is_some());
        if server.is_none() {
            println!("{experiment} has no TCP server");
        }
        server
    }

    fn number(&self) -> u32 {
        self.process.0.id()
    }

    fn has_ended(&mut self) -> bool {
        self.process.0.try_wait().expect("it can be waited for").is_some()
    }

    fn has_said(&self, text: &str) -> bool {
        lock(&self.said).contains(text)
    }

    /// Connections that it has not accepted yet; `None` when it does not listen.
    fn queue(&self) -> Option<u32> {
        // The second is not there without IPv6.
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
        let ours = format!(":{:04X}", self.address.port());
        let sockets = tables.iter().flat_map(|table| table.lines().skip(1));
        let sockets = sockets.map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut listener = sockets.filter(|fields| fields[1].ends_with(&ours) && fields[3] == "0A");
        let queue = listener.next().and_then(|fields| fields[4].split_once(':').map(|(_, queue)| queue.to_string()));
        queue.and_then(|queue| u32::from_str_radix(&queue, 16).ok())
    }

    fn runs_out_of_descriptors(&mut self) {
        /// So many more it may open.
        const SPARE: usize = 8;
        comes_to_rest(self.number());
        let open = fs::read_dir(format!("/proc/{}/fd", self.number())).map_or(0, Iterator::count);
        let most = format!("--nofile={}:", open + SPARE);
        assert!(prlimit(&["--pid", &self.number().to_string(), &most]), "no limit can be set");
        let clients: Vec<TcpStream> = (0..40).filter_map(|_| TcpStream::connect(self.address).ok()).collect();
        // One that serves its clients one after the other, or has only so many places, rests before that.
        comes_to_rest_or(self.number(), || self.has_said("os error 24)"));
        drop(clients);
    }

    fn is_reset(&mut self) {
        for _ in 0..20 {
            let Ok(mut client) = TcpStream::connect(self.address) else { break };
            let _ = client.write_all(b"hello");
            let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
        }
    }

    fn is_stopped(&mut self) {
        let Ok(client) = TcpStream::connect(self.address) else { return };
        until("the client is accepted", || self.has_ended() || self.queue() == Some(0));
        comes_to_rest(self.number());
        if self.has_ended() {
            return;
        }
        let process = Pid::from_raw(self.number().cast_signed());
        let number = self.number();
        kill(process, Signal::SIGSTOP).expect("it runs");
        let stopped = || {
            let stat = fs::read_to_string(format!("/proc/{number}/stat")).expect("it runs");
            stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
        };
        until("it is stopped", stopped);
        kill(process, Signal::SIGCONT).expect("it is there");
        comes_to_rest(self.number());
        drop(client);
    }

    /// The client of the experiment, and one that says a byte and no more for a second, make it print something, where it
    /// prints anything.
    fn talks(&mut self, program: &str, experiment: &str) {
        for _ in 0..2 {
            let mut client = Command::new(program);
            client.args(["connect", experiment, "--addr", &self.address.to_string()]);
            let mut client = client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            let client = client.as_mut().expect("the client starts");
            if let Some(mut input) = client.stdin.take() {
                // A client that has ended does not take it.
                let _ = input.write_all(b"hello\negg\n0\nexit\n");
            }
            let ends = poll::until(Duration::from_secs(2), || client.try_wait().is_ok_and(|status| status.is_some()));
            if !ends {
                let _ = client.kill();
            }
            let _ = client.wait();
        }
        if let Ok(mut slow) = TcpStream::connect(self.address) {
            // One that has ended does not take it.
            let _ = slow.write_all(b"\0");
            poll::until(Duration::from_secs(1), || self.has_ended());
        }
    }

    /// Whether one more client is accepted.
    fn accepts_the_next(&mut self) -> bool {
        let mut client = None;
        until("the next client is accepted, or the server has ended", || {
            if client.is_none() {
                client = TcpStream::connect(self.address).ok();
            }
            self.has_ended() || client.is_some() && self.queue() == Some(0)
        });
        // It may be about to end. One that has served its only client is over.
        comes_to_rest(self.number());
        self.process.0.try_wait().expect("it can be waited for").is_none_or(|status| status.success())
    }
}

fn keep(mut from: impl Read + Send + 'static, said: &Arc<Mutex<String>>) {
    let said = said.clone();
    thread::spawn(move || {
        let mut bytes = [0; 1024];
        #[expect(clippy::disallowed_methods, reason = "takes whatever it prints")]
        while let Ok(got @ 1..) = from.read(&mut bytes) {
            lock(&said).push_str(&String::from_utf8_lossy(&bytes[..got]));
        }
    });
}
