//! The finished program with real processes, and Python on the other end of it and of the programs with the older wire.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Nothing takes so long unless it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-04-sticky"))
}

/// A server that runs until it is dropped.
struct Server {
    child: Child,
    address: SocketAddr,
    lines: Receiver<String>,
}

impl Server {
    fn start(arguments: &[&str]) -> Server {
        let mut command = lesson();
        command.arg("serve").args(arguments).args(["--addr", "127.0.0.1:0"]);
        Server::of(command)
    }

    /// Any program whose first line ends with the address that it listens on.
    fn of(mut command: Command) -> Server {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let out = child.stdout.take().expect("its output is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let first = lines.recv_timeout(PATIENCE).expect("the server says where it listens");
        let address = first.split_whitespace().last().and_then(|word| word.parse().ok());
        Server { child, address: address.expect("an address"), lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("the server prints one more line")
    }

    /// What the next reads gave, until they are all of this text: how many there are is a matter of timing.
    #[track_caller]
    fn prints_in_pieces(&self, text: &str) {
        let mut got = String::new();
        while got != text {
            let line = self.line();
            let piece = line.strip_prefix("-----> ").unwrap_or_else(|| panic!("no message: {line}"));
            got += piece;
            assert!(text.starts_with(&got) && !piece.is_empty(), "{got}");
        }
    }

    /// A connection that fails a test rather than wait for ever.
    fn raw(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    /// What the server answers to these bytes and the end of the stream.
    fn answers(&self, bytes: &[u8]) -> String {
        let mut stream = self.raw();
        stream.write_all(bytes).expect("they are taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        everything(&stream)
    }

    #[track_caller]
    fn assert_serves(&self) {
        let output = talk(lesson().args(["connect", "--addr", &self.address.to_string()]), "here");
        assert_eq!(text(&output.stdout), "-----> here\n", "{}", text(&output.stderr));
        assert!(output.status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

#[expect(clippy::disallowed_methods, reason = "the end is what is waited for, and a timeout is set")]
fn everything(mut stream: &TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an ordinary end");
    text(&bytes)
}

/// Runs a client with this input to its end.
fn talk(client: &mut Command, input: &str) -> Output {
    let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_string();
    // A client that ends early does not read all of it.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let _ = writer.join().expect("no panic");
    output
}

#[track_caller]
fn assert_error(output: &Output, contains: &str) {
    let complaint = text(&output.stderr);
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("error: ") && complaint.contains(contains), "{complaint}");
    assert_eq!(output.status.code(), Some(1), "{complaint}");
}

#[test]
fn listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = lesson().args(["serve", "--addr", address]).output().expect("it runs");
        assert_error(&output, "can be reached by other machines");
    }
}

#[test]
fn the_bytes_are_those_of_the_documentation() {
    let server = Server::start(&[]);
    assert_eq!(server.answers(b"hello\n\n egg \n"), "-----> hello\n-----> \n----->  egg \n");
    assert_eq!(server.answers(b""), "");
    assert_eq!(server.answers(&[b'\n'; 50_000]).len(), 8 * 50_000);
    let mut stream = server.raw();
    stream.write_all(b"\xff\0\r\x1b\n").expect("they are taken");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"-----> \xff\0\r\x1b\n");
}

#[test]
fn a_bad_client_is_told_why_and_harms_nobody() {
    let server = Server::start(&["--limit", "10"]);
    assert_eq!(server.answers(b"ten bytes.\nx\n"), "-----> ten bytes.\n-----> x\n");
    assert_eq!(server.answers(b"eleven byte\nx\n"), "error: a message is longer than 10 bytes\n");
    assert_eq!(server.answers(b"x\neleven byte"), "-----> x\nerror: a message is longer than 10 bytes\n");
    assert_eq!(server.answers(&[b'x'; 300_000]), "error: a message is longer than 10 bytes\n");
    let cut = "error: the stream ended inside a message, after 8 bytes; a newline has to end it\n";
    assert_eq!(server.answers(b"helloegg"), cut);
    server.assert_serves();
}

#[test]
fn many_clients_are_served_at_the_same_time() {
    let server = Server::start(&[]);
    let silent: Vec<TcpStream> = (0..40).map(|_| server.raw()).collect();
    server.assert_serves();
    for (number, mut stream) in silent.iter().enumerate() {
        stream.write_all(format!("message {number}\n").as_bytes()).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
    }
    for (number, stream) in silent.iter().enumerate() {
        assert_eq!(everything(stream), format!("-----> message {number}\n"));
    }
}

#[test]
fn a_client_beyond_the_last_place_waits_for_one() {
    let server = Server::start(&[]);
    let mut silent: Vec<TcpStream> = (0..64).map(|_| server.raw()).collect();
    let mut waits = server.raw();
    waits.write_all(b"hello\n").expect("it is taken");
    waits.shutdown(Shutdown::Write).expect("a half-close");
    silent.pop();
    assert_eq!(everything(&waits), "-----> hello\n");
}

#[test]
fn a_silent_or_slow_client_is_not_waited_for() {
    let server = Server::start(&["--idle", "1", "--deadline", "1"]);
    let silent = server.raw();
    let mut slow = server.raw();
    slow.write_all(b"whole\nhal").expect("it is taken");
    assert_eq!(everything(&silent), "error: nothing came within 1 second\n");
    assert_eq!(everything(&slow), "-----> whole\nerror: a message was not whole within 1 second\n");
    server.assert_serves();
}

#[test]
fn more_than_all_buffers_hold_comes_back_whole() {
    let server = Server::start(&[]);
    let filling = "x".repeat(1000);
    let input: String = (0..16_000).map(|number| format!("message {number} {filling}\n")).collect();
    let output = talk(lesson().args(["connect", "--addr", &server.address.to_string()]), &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let wanted: String = input.lines().map(|line| format!("-----> {line}\n")).collect();
    assert!(text(&output.stdout) == wanted, "the answers are not the messages");
}

#[test]
fn the_client_says_what_a_bad_server_did() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let connect = |answer: &'static [u8]| {
        let serve = |listener: &TcpListener| {
            let (mut stream, _) = listener.accept().expect("a client");
            stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            assert_eq!(everything(&stream), "hello\negg\n");
            stream.write_all(answer).expect("it is taken");
        };
        thread::scope(|scope| {
            scope.spawn(|| serve(&listener));
            talk(lesson().args(["connect", "--addr", &address]), "hello\negg")
        })
    };
    assert_error(&connect(b"-----> helloegg\n"), r#""hello" was sent, "helloegg" was understood"#);
    assert_error(&connect(b"-----> hello\n"), "1 message went without an answer");
    assert_error(&connect(b"-----> hello\n---"), "an answer is not whole");
    assert_error(&connect(b"HTTP/1.1 400\r\n"), "no answer of this server");
    assert_error(&connect(b"error: the reason\n"), "the server says: the reason");
    assert_error(&connect(b"-----> hello\n-----> egg\n-----> more\n"), r#""more" was acknowledged, and not sent"#);
    drop(listener);
    assert_error(&talk(lesson().args(["connect", "--addr", &address]), ""), "does the server run?");
}

#[test]
fn the_client_does_not_wait_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let output = talk(lesson().args(["connect", "--silence", "1", "--addr", &address]), "hello");
    assert_error(&output, "a message was not acknowledged within 1 second");
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

/// A Python client of this server.
fn python_talks(server: &Server, program: &str, input: &str) -> Option<Output> {
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    let output = talk(python(program)?.args([host, port]), input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(output)
}

#[test]
fn a_python_client_that_ends_no_message_talks_to_the_broken_servers() {
    let joined = Server::start(&["joined", "--broken"]);
    for _ in 0..2 {
        if python_talks(&joined, "bare_client.py", "hello\negg\n").is_none() {
            return;
        }
        joined.prints_in_pieces("helloegg");
    }
    if !cfg!(target_os = "linux") {
        println!("skipped: elsewhere the reset that answers the acknowledgement may take unread bytes with it");
        return;
    }
    let divided = Server::start(&["divided", "--broken"]);
    python_talks(&divided, "bare_client.py", "hello egg\n");
    assert_eq!((divided.line(), divided.line()), ("-----> he".to_string(), "-----> llo egg".to_string()));
}

#[test]
fn the_broken_clients_talk_to_a_python_server_that_answers_nothing() {
    for experiment in ["joined", "divided"] {
        let Some(server) = python("bare_server.py") else { return };
        let server = Server::of(server);
        let connect = ["connect", experiment, "--broken", "--addr", &server.address.to_string()];
        let output = talk(lesson().args(connect), "hello\negg\n");
        assert!(output.status.success(), "{}", text(&output.stderr));
        server.prints_in_pieces("helloegg");
    }
}

#[test]
fn a_python_client_that_ends_no_message_is_told_so_by_the_finished_server() {
    let server = Server::start(&[]);
    if python_talks(&server, "bare_client.py", "hello\negg\n").is_some() {
        let line = server.line();
        assert!(
            line.ends_with(
                "closed after 0 messages: the stream ended inside a message, after 8 bytes; a newline \
                                has to end it"
            ),
            "{line}"
        );
    }
    server.assert_serves();
}

#[test]
fn python_clients_that_send_lines_talk_to_all_servers_that_read_lines() {
    for serve in [&[][..], &["joined"], &["divided"], &["nodelay-myth"], &["sleep-myth"], &["bigger-buffer-myth"]] {
        let server = Server::start(serve);
        if let Some(output) = python_talks(&server, "line_client.py", "hello\n价格¥9\n\negg\n") {
            assert_eq!(text(&output.stdout), "-----> hello\n-----> 价格¥9\n-----> \n-----> egg\n", "{serve:?}");
        }
    }
}

#[test]
fn the_clients_that_send_lines_talk_to_a_python_server() {
    for connect in [&[][..], &["joined"], &["divided"], &["nodelay-myth"], &["sleep-myth"], &["bigger-buffer-myth"]] {
        let Some(server) = python("line_server.py") else { return };
        let server = Server::of(server);
        let mut client = lesson();
        client.arg("connect").args(connect).args(["--addr", &server.address.to_string()]);
        let output = talk(&mut client, "hello\n价格¥9\n\negg\n");
        assert!(output.status.success(), "{connect:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "-----> hello\n-----> 价格¥9\n-----> \n-----> egg\n", "{connect:?}");
    }
}
