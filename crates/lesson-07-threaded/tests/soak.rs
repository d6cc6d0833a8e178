//! The menu under many clients at once: most of them idle, some busy, and of each bad kind a few all the time. Every honest
//! client is served byte for byte, and afterwards the server is as it was before.
//!
//! ```text
//! scripts/soak        2,000 idle and 200 busy clients on threads and on the pool, with figures
//! ```
//!
//! `cargo test` runs a small version of it for every form that serves several clients at the same time.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use lab::testing::{Server, raw, until};

const GREETING: &[u8] = "我是多线程".as_bytes();
const ZERO: &[u8] = "您输入的是0".as_bytes();
const AGAIN: &[u8] = "请重新输入.".as_bytes();

struct Size {
    idle: usize,
    busy: usize,
    /// Of each busy client.
    requests: usize,
    /// Threads of this side that play the busy clients.
    players: usize,
    /// How long between two bytes of the one that sends them slowly.
    pause: Duration,
}

/// Few enough for a system that gives a process 256 descriptors, unless it is Linux.
const SMALL: Size = Size {
    idle: if cfg!(target_os = "linux") { 200 } else { 100 },
    busy: 20,
    requests: 50,
    players: 4,
    pause: Duration::from_millis(50),
};
const FULL: Size = Size { idle: 2000, busy: 200, requests: 5000, players: 20, pause: Duration::from_secs(1) };

#[test]
fn threads() {
    soak("threads");
}

#[test]
fn pool() {
    soak("pool");
}

#[cfg(unix)]
#[test]
fn processes() {
    if full() {
        println!("processes: left out, 2,200 processes are too many for some machines");
    } else {
        soak("processes");
    }
}

fn full() -> bool {
    std::env::var_os("SOAK").is_some_and(|size| size == "full")
}

fn soak(form: &str) {
    let size = if full() { FULL } else { SMALL };
    let began = Instant::now();
    // Whoever leaves may hold a place for a moment longer than its connection.
    let clients = (size.idle + size.busy + 100).to_string();
    let program = env!("CARGO_BIN_EXE_lesson-07-threaded");
    let arguments = ["serve", "--addr", "127.0.0.1:0", "--form", form, "--clients", &clients, "--idle", "600"];
    let server = Server::start(Command::new(program).args(arguments));
    let (address, process) = (server.address, server.process());
    let before = Use::of(process);

    let idle: Vec<_> = (0..size.idle).map(|_| greeted(address)).collect();
    let connected = began.elapsed();
    let stop = AtomicBool::new(false);
    let bad = AtomicUsize::new(0);
    let (peak, busy) = thread::scope(|scope| {
        for kind in KINDS {
            let (stop, bad, pause) = (&stop, &bad, size.pause);
            scope.spawn(move || {
                // Each kind at least once, however fast the others are.
                loop {
                    kind(address, pause, stop);
                    bad.fetch_add(1, Ordering::Relaxed);
                    // And a good one, served like all: so the bad ones do not come faster than the server sees them go.
                    leave(greeted(address));
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        let stopping = Stopping(&stop);
        let watch = scope.spawn(|| {
            let mut peak = before;
            while !stop.load(Ordering::Relaxed) {
                peak = peak.most(Use::of(process));
                thread::park_timeout(Duration::from_millis(50));
            }
            peak
        });
        let began = Instant::now();
        thread::scope(|scope| {
            for _ in 0..size.players {
                scope.spawn(|| play(address, size.busy / size.players, size.requests));
            }
        });
        let busy = began.elapsed();
        drop(stopping);
        (watch.join().expect("no panic"), busy)
    });
    // Nobody was forgotten meanwhile.
    for stream in &idle {
        assert_eq!(ask(stream, b"0"), ZERO);
    }
    idle.into_iter().for_each(leave);

    let mut after = before;
    if cfg!(target_os = "linux") {
        until("threads, children and descriptors are back to what they were", || {
            after = Use::of(process);
            (after.threads, after.children, after.descriptors) == (before.threads, before.children, before.descriptors)
        });
    }
    let bad = bad.into_inner();
    let honest = size.idle + size.busy + bad;
    let requests = size.busy * size.requests + size.idle;
    println!(
        "{form}: {} connections ({} idle, {} busy, {bad} bad), {requests} requests; connected in {connected:.2?}, busy for \
         {busy:.2?} ({:.0} requests a second), all in {:.2?}",
        honest + bad,
        size.idle,
        size.busy,
        (size.busy * size.requests) as f64 / busy.as_secs_f64(),
        began.elapsed(),
    );
    println!("  before {before}\n  peak   {peak}\n  after  {after}");

    #[cfg(unix)]
    {
        let told = Command::new("kill").args(["-TERM", &server.process().to_string()]).status();
        assert!(told.expect("kill runs").success());
        let lines = server.last_lines();
        // One line for each connection.
        assert_eq!(lines.iter().filter(|line| line.contains("had ")).count(), honest + bad, "{lines:#?}");
        assert!(!lines.iter().any(|line| line.contains("mistake") || line.contains("refused")), "{lines:#?}");
    }
}

/// Tells everybody to stop, also when a test fails.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Plays several clients that are all asking at the same time, and checks every byte they get.
fn play(address: SocketAddr, clients: usize, requests: usize) {
    let streams: Vec<_> = (0..clients).map(|_| greeted(address)).collect();
    for number in 0..requests {
        let (command, answer) = if number % 2 == 0 { (&b"0"[..], ZERO) } else { (&b"hello"[..], AGAIN) };
        streams.iter().for_each(|stream| send(stream, command));
        streams.iter().for_each(|stream| assert_eq!(next::<16>(stream), answer));
    }
    streams.into_iter().for_each(leave);
}

/// A client that does harm, once, until it is told to stop or is done.
type Bad = fn(SocketAddr, Duration, &AtomicBool);

const KINDS: [Bad; 8] = [reset, garbage, half_close, drip, silent, oversize, takes_nothing, vanishes];

/// A close that is a reset (socket(7)).
fn reset(address: SocketAddr, _: Duration, _: &AtomicBool) {
    let stream = greeted(address);
    send(&stream, b"0");
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("an option");
}

/// Closes at once, with the greeting unread.
fn vanishes(address: SocketAddr, _: Duration, _: &AtomicBool) {
    drop(raw(address));
}

fn garbage(address: SocketAddr, _: Duration, _: &AtomicBool) {
    let stream = greeted(address);
    let garbage: Vec<u8> = (0..=255).rev().filter(|byte| *byte != b'\n').collect();
    assert_eq!(ask(&stream, &garbage), AGAIN);
    leave(stream);
}

fn half_close(address: SocketAddr, _: Duration, _: &AtomicBool) {
    let stream = greeted(address);
    send(&stream, b"0");
    stream.shutdown(Shutdown::Write).expect("a half-close");
    assert_eq!(rest(&stream), ZERO);
}

/// A byte now and then.
fn drip(address: SocketAddr, pause: Duration, stop: &AtomicBool) {
    let stream = greeted(address);
    loop {
        assert_eq!(ask(&stream, b"x"), AGAIN);
        if stop.load(Ordering::Relaxed) {
            return leave(stream);
        }
        thread::park_timeout(pause);
    }
}

/// Connects and says nothing, and takes nothing.
fn silent(address: SocketAddr, pause: Duration, stop: &AtomicBool) {
    let _stream = raw(address);
    while !stop.load(Ordering::Relaxed) {
        thread::park_timeout(pause);
    }
}

fn oversize(address: SocketAddr, _: Duration, _: &AtomicBool) {
    let stream = greeted(address);
    send(&stream, &[b'x'; 20_000]);
    // However it was cut: at the latest the end of it is too long.
    stream.shutdown(Shutdown::Write).expect("a half-close");
    let rest = rest(&stream);
    assert!(rest.ends_with(b"a command has at most 1024 bytes\n"), "{}", rest.escape_ascii());
}

/// Asks and asks, and does not take the answers.
fn takes_nothing(address: SocketAddr, _: Duration, _: &AtomicBool) {
    let stream = greeted(address);
    stream.set_write_timeout(Some(Duration::from_millis(200))).expect("a timeout");
    let many = b"0\n".repeat(50_000);
    while (&stream).write_all(&many).is_ok() {}
}

fn greeted(address: SocketAddr) -> TcpStream {
    let stream = raw(address);
    stream.set_nodelay(true).expect("an option");
    assert_eq!(next::<{ GREETING.len() }>(&stream), GREETING);
    stream
}

fn send(mut stream: &TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("it is taken");
}

#[track_caller]
fn next<const LENGTH: usize>(mut stream: &TcpStream) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).expect("so many bytes");
    bytes
}

#[track_caller]
fn ask(stream: &TcpStream, command: &[u8]) -> [u8; 16] {
    send(stream, command);
    next(stream)
}

#[track_caller]
fn rest(stream: &TcpStream) -> Vec<u8> {
    lab::testing::everything(stream)
}

/// Says goodbye: the server ends too, and has sent nothing more.
#[track_caller]
fn leave(stream: TcpStream) {
    send(&stream, b"exit");
    assert_eq!(rest(&stream), b"");
}

/// What a process uses, on Linux (proc(5)).
#[derive(Clone, Copy, Default)]
struct Use {
    threads: usize,
    children: usize,
    descriptors: usize,
    /// Kibibytes.
    resident: usize,
}

impl Use {
    fn of(process: u32) -> Use {
        let count = |folder: &str| fs::read_dir(format!("/proc/{process}/{folder}")).map_or(0, Iterator::count);
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let resident =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok());
        // Of the thread that accepts.
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        Use {
            threads: count("task"),
            children: children.split_whitespace().count(),
            descriptors: count("fd"),
            resident: resident.unwrap_or(0),
        }
    }

    fn most(self, other: Use) -> Use {
        Use {
            threads: self.threads.max(other.threads),
            children: self.children.max(other.children),
            descriptors: self.descriptors.max(other.descriptors),
            resident: self.resident.max(other.resident),
        }
    }
}

impl std::fmt::Display for Use {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Use { threads, children, descriptors, resident } = self;
        write!(f, "{threads} threads, {children} children, {descriptors} descriptors, {resident} KiB resident")
    }
}
