//! Python's `struct`, `json` and `socket` on the other end of the programs that keep an older wire.
//!
//! Each pair is a lesson's program and a small Python program in `tests/python`, both processes of their own.

use std::process::{Command, Output};

use lab::testing::{Server, assert_printed, python, talk};

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

/// Runs a Python program as the client of our server, with these lines of input. `None` without Python.
fn python_client(serve: &[&str], program: &str, input: &str) -> Option<Output> {
    let mut client = python(program)?;
    let server = Server::start(Command::new(LESSON).args(serve).args(["--addr", "127.0.0.1:0"]));
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    Some(talk(client.args([host, port]), input))
}

/// Runs our client with these lines of input against a Python program. `None` without Python.
fn python_server(program: &str, experiment: &str, cast: &[&str], input: &str) -> Option<Output> {
    let server = Server::start(&mut python(program)?);
    let mut client = Command::new(LESSON);
    client.args(["connect", experiment, "--addr", &server.address.to_string()]).args(cast);
    Some(talk(&mut client, input))
}

#[track_caller]
fn check(output: Option<Output>, wanted: &str) {
    if let Some(output) = output {
        assert_printed(&output, wanted);
    }
}
