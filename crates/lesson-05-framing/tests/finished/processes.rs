//! Real processes for the tests: the very commands that a learner types.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing takes so long unless it has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program of the lesson.
pub fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-05-framing"))
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    lines: Receiver<String>,
}

impl Server {
    /// `serve` with these arguments, on a port of its own.
    pub fn start(arguments: &[&str]) -> Server {
        let mut command = lesson();
        command.arg("serve").args(arguments).args(["--addr", "127.0.0.1:0"]);
        Server::of(command)
    }

    /// Any program whose first line ends with the address that it listens on.
    pub fn of(mut command: Command) -> Server {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let out = child.stdout.take().expect("its output is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let first = lines.recv_timeout(PATIENCE).expect("the server says where it listens");
        let address = first.split_whitespace().last().and_then(|word| word.parse().ok());
        Server { child, address: address.expect("an address"), lines }
    }

    /// Waits for a line of its log that contains this text.
    pub fn says(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the server never said {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub fn ends(&mut self) -> Option<i32> {
        let mut status = None;
        until("the server ends", || {
            status = self.child.try_wait().expect("it can be waited for");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }

    /// One command, with `connect -- COMMAND ARGUMENT...`.
    pub fn run(&self, command: &[&str]) -> Output {
        connect(self.address, &[], command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, as some tests want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `connect` with these options and one command.
pub fn connect(address: SocketAddr, options: &[&str], command: &[&str]) -> Output {
    let mut connect = lesson();
    connect.arg("connect").args(options).args(["--addr", &address.to_string(), "--"]).args(command);
    connect.stdin(Stdio::null()).output().expect("the client runs")
}

/// `connect` with these lines as its standard input.
pub fn connect_lines(arguments: &[&str], address: SocketAddr, lines: &str) -> Output {
    let (child, mut stdin) = talkative(arguments, address);
    stdin.write_all(lines.as_bytes()).expect("the client takes its input");
    drop(stdin);
    child.wait_with_output().expect("the client ends")
}

/// `connect` whose standard input stays open.
pub fn talkative(arguments: &[&str], address: SocketAddr) -> (Child, ChildStdin) {
    let mut command = lesson();
    command.arg("connect").args(arguments).args(["--addr", &address.to_string()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the client starts");
    let stdin = child.stdin.take().expect("its input is piped");
    (child, stdin)
}

/// Waits for a condition.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        thread::yield_now();
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
