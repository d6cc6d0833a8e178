//! What befalls a server sooner or later, and must end none that is to be shipped. Linux.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{PATIENCE, Running, has_prlimit, prlimit, until};
use crate::{kernel, poll};

/// A finished server that is put under everything that this module has.
pub struct Fate<'a> {
    /// The program of the lesson.
    pub program: &'a str,
    /// Its arguments, but for the address.
    pub arguments: &'a [&'a str],
    /// What an honest client says first, so that it has a conversation; it may be nothing.
    pub first_words: &'a [u8],
    /// Talks to the server as an honest client and panics unless it is served.
    pub is_served: &'a dyn Fn(SocketAddr),
    /// So many connections that the lines about them do not fit into a pipe that nobody reads (64 KiB, pipe(7)).
    pub many: usize,
    /// It has a thread or a process for each client, and so can lack them.
    pub needs_threads: bool,
}

/// One process of a [`Fate`].
struct Living {
    process: Running,
    address: SocketAddr,
}

impl Living {
    fn number(&self) -> u32 {
        self.process.0.id()
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.number().cast_signed()), signal).expect("it runs");
    }

    fn state(&self) -> String {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.number())).expect("it runs");
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().next()).expect("a state").to_string()
    }

    fn threads(&self) -> usize {
        fs::read_dir(format!("/proc/{}/task", self.number())).expect("it runs").count()
    }
}

impl Fate<'_> {
    fn command(&self, address: SocketAddr) -> Command {
        let mut command = Command::new(self.program);
        command.args(self.arguments).args(["--addr", &address.to_string()]).stdin(Stdio::null());
        command
    }

    /// A server whose log goes into a pipe; nobody reads on after its first line.
    fn start(&self) -> (Living, BufReader<ChildStdout>) {
        let mut command = self.command(SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut child: Child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut log = BufReader::with_capacity(1, child.stdout.take().expect("its output is piped"));
        let process = Running(child);
        let mut line = String::new();
        log.read_line(&mut line).expect("its first line");
        let address = line.trim().strip_prefix("listening on ").and_then(|address| address.parse().ok());
        (Living { process, address: address.expect("it says where it listens") }, log)
    }

    /// Many clients who come, say their first words, and go at once.
    fn visits(&self, address: SocketAddr, number: usize) {
        for _ in 0..number {
            let mut client = TcpStream::connect(address).expect("the server accepts");
            // A server that refuses may have closed it already.
            let _ = client.write_all(self.first_words);
        }
    }
}

/// Puts a server under: clients that reset at once, a stop by Ctrl-Z and `fg`, a reader of its log that is stuck, one that is
/// gone, a disk that is full, a lack of threads, a thousand bad clients, and Ctrl-C while one client is being served and
/// others wait. Each time the next honest client must be served, and Ctrl-C must end it with status 0. What a lack of
/// descriptors does is [`super::after_a_shortage`].
///
/// # Panics
///
/// When it does not serve the next client; when its threads do not end with their clients.
#[track_caller]
pub fn assert_survives(fate: &Fate<'_>) {
    let (server, _log) = fate.start();
    for _ in 0..100 {
        let mut client = TcpStream::connect(server.address).expect("the server accepts");
        let _ = client.write_all(fate.first_words);
        let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
    }
    (fate.is_served)(server.address);

    let waiting = TcpStream::connect(server.address).expect("the server accepts");
    server.signal(Signal::SIGSTOP);
    until("it is stopped", || server.state() == "T");
    server.signal(Signal::SIGCONT);
    drop(waiting);
    (fate.is_served)(server.address);
    drop(server);
    if fate.needs_threads {
        without_threads(fate);
    }

    // Nobody reads the log: `_log` is there, and that is all.
    let (server, _log) = fate.start();
    let before = server.threads();
    fate.visits(server.address, fate.many);
    (fate.is_served)(server.address);
    until("the threads have ended with their clients", || server.threads() <= before + 2);
    drop(server);

    let (server, log) = fate.start();
    drop(log);
    fate.visits(server.address, 20);
    (fate.is_served)(server.address);
    drop(server);

    // It cannot say where it listens, so it is told. Nobody else gets the port meanwhile: a socket is bound to it, which
    // with SO_REUSEADDR on both is not in the way of one that listens (socket(7)).
    let kept = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    kept.set_reuse_address(true).expect("an option");
    kept.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
    let free = kept.local_addr().ok().and_then(|address| address.as_socket()).expect("its address");
    let full = OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let process = Running(fate.command(free).stdout(full).spawn().expect("the server starts"));
    until("it listens", || TcpStream::connect(free).is_ok());
    fate.visits(free, 20);
    (fate.is_served)(free);
    drop(process);
    hostile(fate);
    interrupted(fate);
}

/// A thousand clients, four at a time, of six bad kinds. Afterwards the next honest client is served, and the server has as
/// many threads and descriptors as before.
fn hostile(fate: &Fate<'_>) {
    const AT_ONCE: usize = 4;
    const EACH: usize = 250;
    let (server, mut log) = fate.start();
    thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    comes_to_rest(server.number());
    let descriptors = || fs::read_dir(format!("/proc/{}/fd", server.number())).expect("it runs").count();
    let before = (server.threads(), descriptors());
    let (words, address) = (fate.first_words, server.address);
    thread::scope(|scope| {
        for first in 0..AT_ONCE {
            scope.spawn(move || (0..EACH).for_each(|number| bad_client(words, address, first + number)));
        }
    });
    (fate.is_served)(server.address);
    // A thread may be kept for those who leave.
    until("its threads and descriptors have gone with their clients", || {
        server.threads() <= before.0 + 2 && descriptors() <= before.1 + 2
    });
}

/// One client of the kind with this number. What it gets in the end is not looked at.
fn bad_client(words: &[u8], address: SocketAddr, number: usize) {
    let mut client = TcpStream::connect(address).expect("the server accepts");
    let reset = |client: &TcpStream| {
        let _ = socket2::SockRef::from(client).set_linger(Some(Duration::ZERO));
    };
    // Each of these fails where the server has already closed.
    match number % 6 {
        0 => {}
        1 => reset(&client),
        2 => {
            let _ = client.write_all(words);
            reset(&client);
        }
        3 => {
            let _ = client.write_all(&words[..words.len() / 2]);
        }
        4 => {
            let _ = client.write_all(&vec![0xff; 64 * 1024]);
        }
        _ => {
            let _ = client.write_all(words);
            let _ = client.shutdown(std::net::Shutdown::Write);
        }
    }
}

/// No room for one more thread's stack: those who come are refused, not the server ended. No thread has ended yet, whose
/// stack could be used once more.
fn without_threads(fate: &Fate<'_>) {
    let (server, _log) = fate.start();
    let Some(limit) = NoThreads::of(server.number()) else { return };
    let before = server.threads(); // at rest by now
    for _ in 0..3 {
        let mut client = TcpStream::connect(server.address).expect("the kernel accepts");
        let _ = client.write_all(fate.first_words);
        client.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        // A word that it is refused, the end, or a reset: anything but silence.
        #[expect(clippy::disallowed_methods, reason = "whatever one read gives says that the client is not forgotten")]
        if let Err(error) = client.read(&mut [0]) {
            assert!(!matches!(error.kind(), std::io::ErrorKind::WouldBlock), "a client without a thread is forgotten");
        }
    }
    assert_eq!(server.threads(), before, "a thread was started, so nobody was refused for want of one");
    drop(limit);
    (fate.is_served)(server.address);
}

/// Waits until every thread of it sleeps and none has run for a while, or it has ended.
pub(super) fn comes_to_rest(process: u32) {
    comes_to_rest_or(process, || false);
}

/// As [`comes_to_rest`], or until there is enough.
pub(super) fn comes_to_rest_or(process: u32, enough: impl Fn() -> bool) {
    const REST: Duration = Duration::from_millis(20);
    let mut before = None;
    let mut waiting = poll::Waiting::begin();
    let mut since = Duration::ZERO;
    until("the server comes to rest", || {
        let Some(now) = kernel::activity(process) else { return true };
        let waited = waiting.look();
        let now = Some(now).filter(|activity| activity.asleep);
        if now.is_none() || now != before {
            since = waited;
            before = now;
        }
        enough() || before.is_some() && waited - since >= REST
    });
}

/// A process that gets no more threads until this is dropped: there is no room for a stack (RLIMIT_AS, getrlimit(2)).
pub struct NoThreads(u32);

impl NoThreads {
    /// `None`, with the reason printed, where prlimit(1) is not installed.
    pub fn of(process: u32) -> Option<NoThreads> {
        // A thread that begins takes more room than it keeps: a limit of that moment would be none.
        comes_to_rest(process);
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("its size");
        let size: u64 = size.trim().trim_end_matches(" kB").parse().expect("a number");
        // Not the size of one more stack; a soft limit, which may be taken back.
        let limit = format!("--as={}:", (size + 200) * 1024);
        has_prlimit().then(|| {
            assert!(prlimit(&["--pid", &process.to_string(), &limit]), "no limit can be set");
            NoThreads(process)
        })
    }
}

impl Drop for NoThreads {
    fn drop(&mut self) {
        // The server may have been ended.
        prlimit(&["--pid", &self.0.to_string(), "--as=unlimited:"]);
    }
}

/// Ctrl-C while clients are connected, who say nothing more: each connection ends, and the server with status 0.
fn interrupted(fate: &Fate<'_>) {
    let (server, _log) = fate.start();
    let connect = || {
        let mut client = TcpStream::connect(server.address).expect("the server accepts");
        client.write_all(fate.first_words).expect("there is room");
        client.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        client
    };
    let clients: Vec<TcpStream> = (0..5).map(|_| connect()).collect();
    server.signal(Signal::SIGINT);
    for client in clients {
        // A reset is what the kernel says for whom was still in its queue.
        let ended = std::io::copy(&mut (&client).take(64 * 1024), &mut std::io::sink());
        assert!(
            !ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
            "a client of a server that was stopped waits for ever"
        );
    }
    let Living { mut process, .. } = server;
    let mut status = None;
    until("it ends", || {
        status = process.0.try_wait().expect("it can be waited for");
        status.is_some()
    });
    assert_eq!(status.and_then(|status| status.code()), Some(0), "the status after Ctrl-C");
}
