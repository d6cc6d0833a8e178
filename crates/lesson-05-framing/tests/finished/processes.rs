//! Real processes for the tests: the very commands that a learner types.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use lab::testing::Server;

/// The program of the lesson.
pub fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-05-framing"))
}

/// `serve` with these arguments, on a port of its own.
pub fn serve(arguments: &[&str]) -> Server {
    Server::start(lesson().arg("serve").args(arguments).args(["--addr", "127.0.0.1:0"]))
}

/// One command, with `connect -- COMMAND ARGUMENT...`.
pub fn run(server: &Server, command: &[&str]) -> Output {
    connect(server.address, &[], command)
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
