//! Python's `struct`, `json` and `socket` on the other end of the programs that keep an older wire.
//!
//! Each pair is a lesson's program and a small Python program in `tests/python`, both processes of their own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-05-framing");

/// Our server, their client: `double-count` has its mistake in the client, so its server is the same for both casts.
#[test]
fn a_python_client_talks_to_serve_double_count() {
    let output = python_client(&["serve", "double-count"], "double_count_client.py", "echo hello\nfill 3000\nwhat\n");
    let y = "y".repeat(3000);
    check(output, &format!("hello\n{y}\nunknown command: there are echo TEXT and fill N\n"));
}

#[test]
fn connect_double_count_talks_to_a_python_server() {
    for cast in [&["--broken"][..], &[]] {
        let output = python_server("double_count_server.py", "double-count", cast, "one\n\nand two\n");
        check(output, "one\nand two\n");
    }
}

#[test]
fn a_python_client_talks_to_serve_length_ack() {
    let serve = ["serve", "length-ack", "--broken"];
    let output = python_client(&serve, "length_ack_client.py", "echo hello\nwhat\necho \necho hello, world\n");
    check(output, "hello\nunknown command: there is echo TEXT\nunknown command: there is echo TEXT\nhello, world\n");
}

#[test]
fn connect_length_ack_talks_to_a_python_server() {
    let output = python_server("length_ack_server.py", "length-ack", &["--broken"], "one\n  \n and two \n");
    check(output, "one\nand two\n");
}

/// One write or two: the bytes are the same.
#[test]
fn a_python_client_talks_to_serve_two_writes() {
    for serve in [&["serve", "two-writes", "--broken"][..], &["serve", "two-writes"]] {
        let output = python_client(serve, "two_writes_client.py", "echo hello\nwhat\necho \necho hello, world\n");
        check(
            output,
            "hello\nunknown command: there is echo TEXT\nunknown command: there is echo TEXT\nhello, world\n",
        );
    }
}

#[test]
fn connect_two_writes_talks_to_a_python_server() {
    let output = python_server("two_writes_server.py", "two-writes", &[], "one\n  \n and two \nquit\nthree\n");
    check(output, "one\nand two\n");
}

/// A process that is killed when the test is done with it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already when its one client has.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a Python program as the client of our server, with these lines of input. `None` without Python.
fn python_client(serve: &[&str], program: &str, input: &str) -> Option<Output> {
    let mut client = python(program)?;
    let (_server, address) = start(Command::new(LESSON).args(serve).args(["--addr", "127.0.0.1:0"]));
    let (host, port) = address.rsplit_once(':').expect("host and port");
    Some(talk(client.args([host, port]), input))
}

/// Runs our client with these lines of input against a Python program. `None` without Python.
fn python_server(program: &str, experiment: &str, cast: &[&str], input: &str) -> Option<Output> {
    let (_server, address) = start(&mut python(program)?);
    let mut client = Command::new(LESSON);
    client.args(["connect", experiment, "--addr", &address]).args(cast);
    Some(talk(&mut client, input))
}

/// The command that runs a program of `tests/python`; `None`, with the reason printed, where there is no Python.
fn python(program: &str) -> Option<Command> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("python").join(program);
    assert!(path.exists(), "{} is missing", path.display());
    let works = |name: &&str| {
        let mut version = Command::new(name);
        version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    let Some(name) = ["python3", "python"].into_iter().find(works) else {
        println!("skipped: {program} needs python3, which is not installed here");
        return None;
    };
    let mut command = Command::new(name);
    command.arg(path).env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
    Some(command)
}

/// Starts a server and reads the address from its first line.
fn start(command: &mut Command) -> (Server, String) {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
    let mut server = Server(child);
    let mut line = String::new();
    let out = server.0.stdout.take().expect("its output is a pipe");
    BufReader::new(out).read_line(&mut line).expect("it prints a line");
    let address = line.trim().strip_prefix("listening on ").expect("the line says where it listens").to_string();
    (server, address)
}

/// Runs a client to its end.
fn talk(client: &mut Command, input: &str) -> Output {
    let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    let input = input.to_string();
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads its input");
    output
}

fn check(output: Option<Output>, wanted: &str) {
    let Some(output) = output else { return };
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client ended with {}: {complaints}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"), wanted);
}
