//! Remote command with a program in Python on the other end: `struct` with `!I`, and `json`.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::processes::{Server, connect, text};

/// Python, or `None` with a printed reason.
fn python(program: &str) -> Option<Command> {
    let found = Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        println!("skipped: there is no python3");
        return None;
    }
    if !cfg!(unix) {
        println!("skipped: the commands of this test are programs of Unix");
        return None;
    }
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONIOENCODING", "utf-8");
    command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(program));
    Some(command)
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
    let server = Server::start(&["--allow", "sh", "--allow", "sleep"]);
    let run = |command: &[&str]| {
        let mut client = python(CLIENT).expect("it was there a moment ago");
        client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
        client.args(command).stdin(Stdio::null()).output().expect("python3 runs")
    };
    assert_as_run_here(&run(&["sh", "-c", SCRIPT]), "");
    let megabytes = run(&["sh", "-c", "head -c 5000000 /dev/zero"]);
    assert_eq!((megabytes.stdout.len(), megabytes.status.code()), (5_000_000, Some(0)));
    let refused = run(&["rm", "价格"]);
    assert!(text(&refused.stderr).contains("not among the programs"), "{}", text(&refused.stderr));
    // Longer than the server waits before it gives a sign of life.
    assert_eq!(run(&["sleep", "2.2"]).status.code(), Some(0));
}

#[test]
fn the_finished_client_and_a_python_server() {
    let Some(server) = python("remote_command_server.py") else { return };
    let server = Server::of(server);
    assert_as_run_here(&server.run(&["sh", "-c", SCRIPT]), "");
    server.says("runs");
    let megabytes = server.run(&["sh", "-c", "head -c 5000000 /dev/zero"]);
    assert_eq!((megabytes.stdout.len(), megabytes.status.code()), (5_000_000, Some(0)));
    assert_eq!(server.run(&["sh", "-c", "kill -9 $$"]).status.code(), Some(137));
    let missing = server.run(&["no-such-program-价格"]);
    assert!(text(&missing.stderr).contains("价格"), "{}", text(&missing.stderr));
    assert_eq!(missing.status.code(), Some(1));
    let lost = connect(server.address, &["--id", "lost"], &["sh", "-c", SCRIPT]);
    let note = "the connection broke (the stream ended, between two frames); asking once more, with the same id\n";
    assert_as_run_here(&lost, note);
    server.says("lost-1 runs");
    server.says("lost-1 is kept");
}
