//! What the tests of every lesson need.

#[cfg(target_os = "linux")]
mod misfortune;
#[cfg(target_os = "linux")]
mod mishaps;
mod strangers;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::poll;

#[cfg(target_os = "linux")]
pub use misfortune::{Fate, NoThreads, assert_survives};
#[cfg(target_os = "linux")]
pub use mishaps::{Fare, Mishap, Outcome, assert_fixed_servers_fare};
pub use strangers::{
    Exception, Unneeded, assert_strangers, assert_trivial_programs_do_not_hold, assert_twins_as_strangers,
    sees_sockets, skip,
};

/// What an experiment must say of its two casts, word for word.
pub struct Expected {
    /// The experiment.
    pub name: &'static str,
    /// How broken breaks.
    pub breaks: &'static str,
    /// How fixed holds.
    pub holds: &'static str,
}

/// Runs every experiment of a lesson and compares what the judges say with the table: broken must break in exactly the
/// documented way, fixed must hold, and no experiment may be missing from the table.
///
/// `program` is the lesson's binary: `env!("CARGO_BIN_EXE_lesson-05-framing")`. What this machine cannot show is
/// printed with its reason and passed over.
///
/// # Panics
///
/// When anything differs: the message lists every difference.
pub fn assert_verdicts(program: &str, table: &[Expected]) {
    let experiments = experiments(program, &["run", "--json"]);
    let mut wrong = Vec::new();
    for experiment in &experiments {
        let name = experiment["experiment"].as_str().unwrap_or_default();
        let Some(expected) = table.iter().find(|expected| expected.name == name) else {
            wrong.push(format!("{name}: not in the table of this test"));
            continue;
        };
        for (cast, sentence) in [("broken", expected.breaks), ("fixed", expected.holds)] {
            let performances = experiment["performances"].as_array().into_iter().flatten();
            let Some(performance) = performances.into_iter().find(|performance| performance["cast"] == cast) else {
                wrong.push(format!("{name}, {cast}: did not perform"));
                continue;
            };
            let (verdict, why) = (&performance["verdict"], performance["why"].as_str().unwrap_or_default());
            match verdict.as_str() {
                Some("skipped") => skip(&format!("{name}, {cast}: {why}")),
                Some("as documented") if why == sentence => {}
                _ => wrong.push(format!("{name}, {cast}\n  documented: {sentence}\n  {verdict}: {why}")),
            }
        }
    }
    for expected in table {
        if !experiments.iter().any(|experiment| experiment["experiment"] == expected.name) {
            wrong.push(format!("{}: in the table, but the lesson has no such experiment", expected.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Puts the finished program of a lesson under every trap that its wire has a place for: it must do what is documented
/// of it in each.
///
/// `program` is the lesson's binary, as for [`assert_verdicts`]. What this machine cannot show is printed with its reason
/// and passed over.
///
/// # Panics
///
/// When it does not hold somewhere: the message lists every such experiment. When it was put under no trap at all.
pub fn assert_finished_holds(program: &str) {
    let mut count = 0;
    let mut wrong = Vec::new();
    for experiment in experiments(program, &["run", "--finished", "--json"]) {
        let name = experiment["experiment"].as_str().unwrap_or_default();
        for performance in experiment["performances"].as_array().into_iter().flatten() {
            count += 1;
            let [cast, verdict, why] =
                ["cast", "verdict", "why"].map(|key| performance[key].as_str().unwrap_or_default());
            match (cast, verdict) {
                ("finished", "as documented") => {}
                ("finished", "skipped") => skip(&format!("{name}, {cast}: {why}")),
                _ => wrong.push(format!("{name}, {cast}\n  {verdict}: {why}")),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(count > 0, "the finished program did not perform");
}

/// `run NAME --broken --wire` must tell the two readings of these bytes: for each row the bytes, what was meant and what they
/// are read as, with one blank between words; the first rows, and a row may be the end of one.
///
/// # Panics
///
/// When it does not: the message is what it tells.
#[track_caller]
pub fn assert_two_readings(program: &str, experiment: &str, rows: &[&str]) {
    let output = Command::new(program).args(["run", experiment, "--broken", "--wire"]).stdin(Stdio::null()).output();
    let told = text(&output.expect("the lesson starts").stdout);
    if let Some(reason) = told.lines().find_map(|line| line.trim().strip_prefix("skipped: ")) {
        return skip(reason);
    }
    let lines: Vec<String> = told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let first = lines.iter().position(|line| line == "bytes meant read as").unwrap_or_else(|| panic!("{told}"));
    let same = lines[first + 1..].iter().zip(rows).all(|(line, row)| line.ends_with(row));
    assert!(same, "{told}");
}

/// The records that a lesson prints.
fn experiments(program: &str, arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("the lesson starts");
    serde_json::from_slice(&output.stdout).expect("the records are JSON")
}

/// Nothing takes so long unless it has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a condition.
///
/// # Panics
///
/// When [`PATIENCE`] is over: the message begins with "this did not happen" and names `what`.
#[track_caller]
pub fn until(what: &str, holds: impl FnMut() -> bool) {
    assert!(poll::until(PATIENCE, holds), "this did not happen within {} seconds: {what}", PATIENCE.as_secs());
}

/// A process that is killed when the test is done with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server in a process of its own, killed when this is dropped. Nothing that it prints makes it wait.
pub struct Server {
    process: Running,
    lines: Receiver<io::Result<String>>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts any program whose first line of output is `listening on ADDR`. Its standard input is empty, its standard
    /// error that of the test.
    ///
    /// # Panics
    ///
    /// When it does not start, or its first line is another one, or takes longer than [`PATIENCE`].
    #[track_caller]
    pub fn start(command: &mut Command) -> Server {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut process = Running(child);
        let out = process.0.stdout.take().expect("its output is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines() {
                let readable = line.is_ok();
                if sender.send(line).is_err() || !readable {
                    break;
                }
            }
        });
        let first = lines.recv_timeout(PATIENCE).expect("the server says where it listens").expect("it is text");
        let Some(address) = first.strip_prefix("listening on ").and_then(|address| address.parse().ok()) else {
            panic!("the first line does not say where the server listens: {first}");
        };
        Server { process, lines, address }
    }

    /// The next line of its output, without the line end.
    ///
    /// # Panics
    ///
    /// When there is none within [`PATIENCE`], or it is not UTF-8.
    #[track_caller]
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("the server prints one more line").expect("it is text")
    }

    /// Passes over lines of its output up to one that contains this text, and gives that one.
    ///
    /// # Panics
    ///
    /// When there is none before its output ends, or no line comes within [`PATIENCE`].
    #[track_caller]
    pub fn says(&self, text: &str) -> String {
        let mut others = Vec::new();
        loop {
            let Ok(Ok(line)) = self.lines.recv_timeout(PATIENCE) else {
                panic!("the server never said {text:?}; since the last thing it was to say it said {others:?}")
            };
            if line.contains(text) {
                return line;
            }
            others.push(line);
        }
    }

    /// All further lines, up to the end of its output.
    ///
    /// # Panics
    ///
    /// When neither a line nor the end comes within [`PATIENCE`], or a line is not UTF-8.
    #[track_caller]
    pub fn last_lines(self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => lines.push(line.expect("it is text")),
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("the output of the server does not end after {lines:?}"),
            }
        }
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.process.0.id()
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    ///
    /// When it does not within [`PATIENCE`].
    #[track_caller]
    pub fn ended(mut self) -> ExitStatus {
        let mut status = None;
        until("the server ends", || {
            status = self.process.0.try_wait().expect("it can be waited for");
            status.is_some()
        });
        status.expect("it has ended")
    }
}

/// Starts a server and leaves it so few descriptors (RLIMIT_NOFILE, getrlimit(2)) that forty clients, who then leave, use
/// them up; it has said so by now. How many are left is `spare`, whatever it has opened or was given by who started the test.
/// `None`, with the reason printed, where prlimit(1) is not installed.
///
/// # Panics
///
/// When it does not start, or never says `no connection can be accepted for now`.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn after_a_shortage(program: &str, arguments: &[&str], spare: usize) -> Option<Server> {
    if !has_prlimit() {
        return None;
    }
    let server = Server::start(Command::new(program).args(arguments));
    let process = server.process();
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).expect("its descriptors");
    let numbers: Vec<usize> = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    // The limit is about their numbers, and the lowest free one is given.
    let most = (1..).find(|most| most - numbers.iter().filter(|number| *number < most).count() == spare);
    let most = most.expect("a number");
    let limit = format!("--nofile={most}");
    assert!(prlimit(&["--pid", &process.to_string(), &limit]), "no limit can be set");
    let clients: Vec<TcpStream> = (0..40).map(|_| raw(server.address)).collect();
    server.says("no connection can be accepted for now");
    drop(clients);
    Some(server)
}

/// Whether prlimit(1) is installed; where it is not, says so.
#[cfg(target_os = "linux")]
fn has_prlimit() -> bool {
    let has = prlimit(&["--version"]);
    if !has {
        skip("needs prlimit, which is not installed here");
    }
    has
}

#[cfg(target_os = "linux")]
fn prlimit(arguments: &[&str]) -> bool {
    let mut command = Command::new("prlimit");
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A connection of the test's own, whose reads fail after [`PATIENCE`] rather than wait for ever.
///
/// # Panics
///
/// When nobody accepts it.
#[track_caller]
pub fn raw(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server accepts");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Whether a read only found nothing yet: its timeout has passed, or the process was stopped for a moment meanwhile, as by a
/// machine that is suspended. A read that has a timeout is not begun again then (EINTR, signal(7)).
pub fn nothing_yet(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted)
}

/// Sends these bytes one by one, with a pause of 50 ms after each, until the other side says something or closes. How many are
/// left then. `between` is called in each pause.
///
/// # Panics
///
/// When the stream takes no timeout.
pub fn drip(stream: &mut TcpStream, bytes: &[u8], mut between: impl FnMut()) -> usize {
    /// Nothing is decided by it.
    const DRIP: Duration = Duration::from_millis(50);
    stream.set_read_timeout(Some(DRIP)).expect("a timeout");
    let mut left = bytes;
    while let Some((byte, rest)) = left.split_first() {
        // A client that has given up is gone.
        if stream.write_all(&[*byte]).is_err() {
            break;
        }
        left = rest;
        between();
        match stream.peek(&mut [0]) {
            Err(error) if nothing_yet(&error) => {}
            _ => break,
        }
    }
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    left.len()
}

/// Everything up to the end of the stream.
///
/// # Panics
///
/// When the connection is reset, or a read timeout that the test has set runs out.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "the end is what is waited for, and from a program of the test's own")]
pub fn everything(mut stream: &TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an ordinary end");
    bytes
}

/// The command that runs a program of the crate's `tests/python`; `None`, with the reason printed, where there is no
/// Python.
///
/// # Panics
///
/// When there is no such program. `cargo test` runs a test in the directory of its crate, where this looks.
#[track_caller]
pub fn python(program: &str) -> Option<Command> {
    let path = Path::new("tests").join("python").join(program);
    assert!(path.exists(), "{} is missing", path.display());
    let works = |name: &&str| {
        let mut version = Command::new(name);
        version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    let Some(name) = ["python3", "python"].into_iter().find(works) else {
        skip(&format!("{program} needs python3, which is not installed here"));
        return None;
    };
    let mut command = Command::new(name);
    command.arg(path).env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
    Some(command)
}

/// Runs a client with this input to its end.
///
/// # Panics
///
/// When it does not start, or ends with status 0 before it has taken all of the input.
#[track_caller]
pub fn talk(client: &mut Command, input: &str) -> Output {
    let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_string();
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let taken = writer.join().expect("no panic");
    // A client that fails may end early.
    assert!(taken.is_ok() || !output.status.success(), "the client did not take all of its input: {taken:?}");
    output
}

/// These bytes as text, what is not UTF-8 replaced.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A program must have ended with status 0 and printed this. A line end may be that of Windows, as Python writes it there.
///
/// # Panics
///
/// When it did not: the message quotes its standard error.
#[track_caller]
pub fn assert_printed(output: &Output, wanted: &str) {
    let complaint = text(&output.stderr);
    assert!(output.status.success(), "{}: {complaint}", output.status);
    assert_eq!(text(&output.stdout).replace("\r\n", "\n"), wanted, "{complaint}");
}

/// A program must have ended with status 1 and one line on standard error that begins with `error: ` and contains this.
///
/// # Panics
///
/// When it did not: the message quotes its standard error.
#[track_caller]
pub fn assert_error(output: &Output, contains: &str) {
    let complaint = text(&output.stderr);
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("error: ") && complaint.contains(contains), "{complaint}");
    assert_eq!(output.status.code(), Some(1), "{complaint}");
}
