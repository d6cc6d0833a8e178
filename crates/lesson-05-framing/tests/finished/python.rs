//! Remote command with a program in Python on the other end: `struct` with `!I`, and `json`.

use std::process::{Command, Output, Stdio};

use lab::testing::{Server, text};

use super::processes::{connect, run, serve};

/// The command that runs a program of `tests/python`; `None`, with the reason printed, where the test cannot run.
fn python(program: &str) -> Option<Command> {
    if !cfg!(unix) {
        lab::testing::skip("the commands of this test are programs of Unix");
        return None;
    }
    lab::testing::python(program)
}

const CLIENT: &str = "remote_command_client.py";
const SCRIPT: &str = "printf 'out 价格¥9\\0'; printf 'err\\377' >&2; exit 3";

#[track_caller]
fn assert_as_run_here(output: &Output, complaints_before: &str) {
    let here = Command::new("sh").args(["-c", SCRIPT]).output().expect("sh runs");
    assert_eq!(output.stdout, here.stdout);
    assert_eq!(output.stderr, [complaints_before.as_bytes(), &here.stderr].concat());
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_python_client_and_the_finished_server() {
    if python(CLIENT).is_none() {
        return;
    }
    let server = serve(&["--allow", "sh", "--allow", "sleep"]);
    let ask = |command: &[&str]| {
        let mut client = python(CLIENT).expect("it was there a moment ago");
        client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
        client.args(command).stdin(Stdio::null()).output().expect("python3 runs")
    };
    assert_as_run_here(&ask(&["sh", "-c", SCRIPT]), "");
    let megabytes = ask(&["sh", "-c", "head -c 5000000 /dev/zero"]);
    assert_eq!((megabytes.stdout.len(), megabytes.status.code()), (5_000_000, Some(0)));
    let refused = ask(&["rm", "价格"]);
    assert!(text(&refused.stderr).contains("not among the programs"), "{}", text(&refused.stderr));
    // Longer than the server waits before it gives a sign of life.
    assert_eq!(ask(&["sleep", "2.2"]).status.code(), Some(0));
}

#[test]
fn the_finished_client_and_a_python_server() {
    let Some(mut server) = python("remote_command_server.py") else { return };
    let server = Server::start(&mut server);
    assert_as_run_here(&run(&server, &["sh", "-c", SCRIPT]), "");
    server.says("runs");
    let megabytes = run(&server, &["sh", "-c", "head -c 5000000 /dev/zero"]);
    assert_eq!((megabytes.stdout.len(), megabytes.status.code()), (5_000_000, Some(0)));
    assert_eq!(run(&server, &["sh", "-c", "kill -9 $$"]).status.code(), Some(137));
    let missing = run(&server, &["no-such-program-价格"]);
    assert!(text(&missing.stderr).contains("价格"), "{}", text(&missing.stderr));
    assert_eq!(missing.status.code(), Some(1));
    let lost = connect(server.address, &["--id", "lost"], &["sh", "-c", SCRIPT]);
    let note = "the connection broke (the stream ended, between two frames); asking once more, with the same id\n";
    assert_as_run_here(&lost, note);
    server.says("lost-1 runs");
    server.says("lost-1 is kept");
}
