//! Python's `socket` on the other end of single experiments: programs of `tests/python`, processes of their own.
//!
//! The wire of the finished program and of `joined` is tested in `finished.rs`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-04-sticky");

/// A message is in one segment, so the first two bytes are all that a `recv(2)` gives, and the rest comes next.
#[test]
fn connect_divided_talks_to_a_python_server_that_reads_2_bytes_and_then_10() {
    let Some(mut server) = python("divided_server.py") else { return };
    let (_server, address, printed) = start(&mut server);
    let connect = ["connect", "divided", "--broken", "--addr", &address];
    talk(Command::new(LESSON).args(connect), "hello egg\n");
    let lines: Vec<String> = printed.lines().collect::<Result<_, _>>().expect("text");
    assert_eq!(lines, ["-----> he", "-----> llo egg"]);
}

#[test]
fn a_python_client_talks_to_serve_two_readers() {
    python_client(
        &["serve", "two-readers"],
        "length_line_client.py",
        "hello egg\n\nbye\n",
        "-----> hello egg\n-----> \n-----> bye\n",
    );
}

#[test]
fn a_python_client_talks_to_serve_datagrams_keep() {
    if cfg!(unix) {
        let serve = ["serve", "datagrams-keep", "--broken"];
        python_client(&serve, "datagram_client.py", "hello\negg\n", "-----> he\n-----> eg\n");
    } else {
        println!("skipped: on Windows a receive with too little room is an error");
    }
    python_client(&["serve", "datagrams-keep"], "datagram_client.py", "hello\negg\n", "-----> hello\n-----> egg\n");
}

/// A process that is killed when the test is done with it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a Python program as the client of our server and compares what it prints.
fn python_client(serve: &[&str], program: &str, input: &str, wanted: &str) {
    let Some(mut client) = python(program) else { return };
    let (_server, address, _printed) = start(Command::new(LESSON).args(serve).args(["--addr", "127.0.0.1:0"]));
    let (host, port) = address.rsplit_once(':').expect("host and port");
    assert_eq!(talk(client.args([host, port]), input), wanted);
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
fn start(command: &mut Command) -> (Server, String, BufReader<ChildStdout>) {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
    let mut server = Server(child);
    let mut printed = BufReader::new(server.0.stdout.take().expect("its output is a pipe"));
    let mut line = String::new();
    printed.read_line(&mut line).expect("it prints a line");
    let address = line.trim().strip_prefix("listening on ").expect("the line says where it listens").to_string();
    (server, address, printed)
}

/// Runs a client with these lines of input to its end and gives what it printed.
fn talk(client: &mut Command, input: &str) -> String {
    let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("its input is a pipe").write_all(input.as_bytes()).expect("it reads its input");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
}
