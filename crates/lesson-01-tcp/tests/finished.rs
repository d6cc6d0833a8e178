//! The time echo, with real processes: its bytes, what a bad peer may not do to it, and how its client connects.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use lab::testing::{PATIENCE, Server, assert_error, assert_printed, drip, everything, python, raw, talk, text, until};

const TIME: &str = "[Tue Feb  3 09:05:00 2026] ";
const CLOCK: [&str; 2] = ["--clock", "2026-02-03T09:05:00"];

fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-01-tcp"))
}

fn serve(arguments: &[&str]) -> Server {
    Server::start(lesson().arg("serve").args(CLOCK).args(arguments).args(["--addr", "127.0.0.1:0"]))
}

fn connect(arguments: &[&str]) -> Command {
    let mut command = lesson();
    command.arg("connect").args(arguments);
    command
}

fn ask(mut stream: &TcpStream, question: &str) -> String {
    stream.write_all(question.as_bytes()).expect("it is taken");
    let mut answer = vec![0; TIME.len() + question.len()];
    stream.read_exact(&mut answer).expect("an answer");
    text(&answer)
}

#[track_caller]
fn assert_serves(server: &Server) {
    assert_eq!(ask(&raw(server.address), "x"), format!("{TIME}x"));
}

#[test]
fn every_piece_comes_back_with_27_bytes_before_it() {
    let server = serve(&[]);
    let stream = raw(server.address);
    for question in ["hello", "x", "价格¥9", "a\nb\0", TIME, &"k".repeat(1024)] {
        assert_eq!(ask(&stream, question), format!("{TIME}{question}"));
    }
    stream.shutdown(Shutdown::Write).expect("a half-close");
    assert!(everything(&stream).is_empty());
    server.says("bytes stamped, ended by the client");
}

#[test]
fn the_client_takes_lines_of_any_length_up_to_an_empty_one() {
    let server = serve(&[]);
    let long = "0123456789".repeat(10_000);
    let input = format!("one\r\n{long}\n{TIME}\nlast\n\nnever sent\n");
    let output = talk(&mut connect(&["--addr", &server.address.to_string()]), &input);
    let pieces: String = long.as_bytes().chunks(1024).map(|piece| TIME.to_string() + &text(piece)).collect();
    assert_printed(&output, &format!("{TIME}one\n{pieces}\n{TIME}{TIME}\n{TIME}last\n"));
    let too_long = "x".repeat(1024 * 1024 + 1);
    let mut client = connect(&["--addr", &server.address.to_string()]);
    assert_error(&talk(&mut client, &too_long), "longer than 1048576 bytes");
}

#[test]
fn a_python_client_and_the_finished_server() {
    let Some(mut client) = python("time_echo.py") else { return };
    let server = Server::start(lesson().args(["serve", "--addr", "127.0.0.1:0"]));
    client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
    assert_printed(&talk(&mut client, "one\n价格¥9\nand three\n"), "one\n价格¥9\nand three\n");
}

#[test]
fn the_finished_client_and_a_python_server() {
    let Some(mut server) = python("time_echo.py") else { return };
    let server = Server::start(&mut server);
    let long = "k".repeat(3000);
    let output = talk(&mut connect(&["--addr", &server.address.to_string()]), &format!("one\n{long}\n"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let (one, more) = printed.split_once('\n').expect("two lines");
    assert_eq!((one.len(), &one[..1], &one[25..]), (30, "[", "] one"));
    assert_eq!(more.matches('k').count(), 3000);
}

#[test]
fn a_bad_client_harms_nobody() {
    let server = serve(&[]);
    for sent in [&b""[..], b"x", &[0xff; 3000]] {
        for reset in [false, true] {
            let mut stream = raw(server.address);
            stream.write_all(sent).expect("it is taken");
            if reset {
                // A close is a reset then (socket(7)).
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("an option");
            }
        }
    }
    let silent = raw(server.address);
    assert_serves(&server);
    drop(silent);
}

#[test]
fn a_silent_client_is_given_up_and_makes_room() {
    let server = serve(&["--idle", "0.3", "--clients", "1"]);
    let silent = raw(server.address);
    assert_serves(&server);
    server.says("had 0 bytes stamped, closed: nothing came for 300ms");
    assert!(everything(&silent).is_empty());
}

#[cfg(unix)]
#[test]
fn a_server_that_is_stopped_ends_its_conversations() {
    for signal in ["-INT", "-TERM"] {
        let server = serve(&[]);
        let stream = raw(server.address);
        assert_eq!(ask(&stream, "hello"), format!("{TIME}hello"));
        let told = Command::new("kill").args([signal, &server.process().to_string()]).status();
        assert!(told.expect("kill runs").success());
        assert!(everything(&stream).is_empty());
        assert_eq!(server.ended().code(), Some(0));
    }
}

/// A server that reads something and sends this instead of an answer, then closes.
fn bad_server(answer: &'static [u8]) -> (String, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.read_exact(&mut [0; 5]).expect("five bytes");
        stream.write_all(answer).expect("it is taken");
    });
    (address, server)
}

#[test]
fn a_bad_server_is_told_of_in_one_line() {
    let bad: [(&[u8], &str); 4] = [
        (b"", "closed the connection instead of answering"),
        (b"[Tue", "closed the connection in the middle of an answer"),
        (
            b"HTTP/1.1 400 Bad Request\r\n",
            r#"sent "HTTP/1.1 400 Bad Request\r\n", which is no answer of the time echo"#,
        ),
        (b"[Tue Feb  3 09:05:00 2026] other", "it gives back other bytes than were sent"),
    ];
    for (answer, why) in bad {
        let (address, server) = bad_server(answer);
        assert_error(&talk(&mut connect(&["--addr", &address]), "hello\n"), why);
        server.join().expect("no panic");
    }
    let deaf = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = deaf.local_addr().expect("an address").to_string();
    let mut client = connect(&["--timeout", "0.2", "--addr", &address]);
    assert_error(&talk(&mut client, "hello\n"), "no answer from 127.0.0.1:");
}

#[test]
fn an_answer_that_drips_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.read_exact(&mut [0; 5]).expect("five bytes");
        let left = drip(&mut stream, format!("{TIME}hello").as_bytes(), || {});
        assert!(left > 0, "the client waits for each byte as long as for the first");
    });
    let mut client = connect(&["--timeout", "0.5", "--addr", &address]);
    assert_error(&talk(&mut client, "hello\n"), "within 500ms");
    server.join().expect("no panic");
}

/// A port at which nobody listens, and which nobody else gets while this lives: a socket is bound to it.
fn dead_port() -> (socket2::Socket, String) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
    let port = socket.local_addr().expect("an address").as_socket().expect("an IP address").port();
    (socket, format!("127.0.0.1:{port}"))
}

#[test]
fn every_address_is_tried_in_order() {
    let (_kept, dead) = dead_port();
    let server = serve(&[]);
    let output = talk(&mut connect(&["--to", &dead, "--to", &server.address.to_string()]), "x\n");
    assert_printed(&output, &format!("{TIME}x\n"));
    let name = format!("localhost:{}", server.address.port());
    assert_printed(&talk(&mut connect(&["--to", &name]), "x\n"), &format!("{TIME}x\n"));
}

#[test]
fn the_client_waits_for_a_server_that_is_just_starting() {
    let (kept, address) = dead_port();
    let mut client = connect(&["--give-up", "60", "--addr", &address]);
    client.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut client = client.spawn().expect("the client starts");
    let mut note = [0; 14];
    client.stderr.as_mut().expect("it is piped").read_exact(&mut note).expect("it says that it tries again");
    assert_eq!(&note, b"no answer from");
    kept.listen(1).expect("the server starts");
    let mut status = None;
    until("the client has connected and ended", || {
        status = client.try_wait().expect("it can be waited for");
        status.is_some()
    });
    assert!(status.expect("it has ended").success());
}

#[test]
fn a_client_that_cannot_connect_says_what_to_do() {
    let (_kept, dead) = dead_port();
    let output = connect(&["--give-up", "0.5", "--addr", &dead]).stdin(Stdio::null()).output().expect("it runs");
    let complaint = text(&output.stderr);
    assert!(complaint.contains("start the server, in another terminal"), "{complaint}");
    assert_eq!(output.status.code(), Some(1));
    let output = connect(&["--to", "no-port"]).stdin(Stdio::null()).output().expect("it runs");
    assert_error(&output, "give a name and a port");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = lesson().args(["serve", "--addr", &address]).output().expect("it runs");
    assert_error(&output, "end the other program or choose another port with --addr");
}

#[cfg(target_os = "linux")]
#[test]
fn when_descriptors_run_out_the_server_waits_and_then_serves_again() {
    let Some(server) =
        lab::testing::after_a_shortage(env!("CARGO_BIN_EXE_lesson-01-tcp"), &["serve", "--addr", "127.0.0.1:0"], 6)
    else {
        return;
    };
    let stream = raw(server.address);
    (&stream).write_all(b"hello").expect("it is served");
    stream.shutdown(std::net::Shutdown::Write).expect("an end");
    assert!(text(&everything(&stream)).ends_with("] hello"));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-01-tcp"),
        arguments: &["serve"],
        first_words: b"hello",
        is_served: &|address| {
            let mut stream = raw(address);
            stream.write_all(b"hello").expect("it is taken");
            let mut answer = [0; 32];
            stream.read_exact(&mut answer).expect("an answer");
            assert!(answer.ends_with(b"hello"));
        },
        many: 4000,
        needs_threads: true,
    });
}
