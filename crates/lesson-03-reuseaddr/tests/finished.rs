//! The finished program with real processes: what it promises, what nobody may do to it, and Python on the other end.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;

use lab::testing::{Server, assert_error, assert_printed, everything, raw, text};

fn lesson(words: &[&str], address: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-03-reuseaddr"));
    command.args(words).args(["--addr", address]);
    command
}

/// A program of `tests/python`; `None`, with the reason printed, where there is no Python.
fn python(program: &str, address: &str, word: &str) -> Option<Command> {
    let (host, port) = address.rsplit_once(':').expect("an address");
    let mut command = lab::testing::python(program)?;
    command.args([host, port, word]);
    Some(command)
}

/// What the server answers to these bytes.
fn answers(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = raw(server.address);
    stream.write_all(bytes).expect("they are taken");
    everything(&stream)
}

fn run(mut command: Command) -> Output {
    command.stdin(Stdio::null()).output().expect("it runs")
}

#[track_caller]
fn assert_greeted(output: &Output) {
    assert_printed(output, "hi\n");
}

/// A server that ends after one client, and has ended; its address.
fn served_one(words: &[&str]) -> String {
    let server = Server::start(&mut lesson(words, "127.0.0.1:0"));
    let address = server.address.to_string();
    assert_greeted(&run(lesson(&["connect"], &address)));
    assert!(server.ended().success());
    address
}

#[test]
fn the_bytes_are_those_of_the_documentation() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    assert_eq!(answers(&server, b"hello!"), b"hi");
    assert_eq!(answers(&server, b"hello! and much more"), b"hi");
    assert_eq!(answers(&server, b"HELLO!"), b"");
}

#[test]
fn can_be_started_again_at_once() {
    let address = served_one(&["serve", "--once"]);
    let again = Server::start(&mut lesson(&["serve"], &address));
    assert_greeted(&run(lesson(&["connect"], &again.address.to_string())));
}

#[test]
#[cfg(unix)]
fn its_first_form_cannot_be_started_again_at_once() {
    let address = served_one(&["serve", "--once", "--no-reuse-address"]);
    assert_error(&run(lesson(&["serve", "--once", "--no-reuse-address"], &address)), "Address already in use");
}

#[test]
fn a_live_server_keeps_its_address_to_itself() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    assert_error(&run(lesson(&["serve"], &server.address.to_string())), "another program listens there");
    assert_greeted(&run(lesson(&["connect"], &server.address.to_string())));
}

#[test]
fn clients_that_say_nothing_do_not_keep_others_waiting() {
    let server = Server::start(&mut lesson(&["serve", "--timeout", "60"], "127.0.0.1:0"));
    let _silent: Vec<TcpStream> = (0..20).map(|_| raw(server.address)).collect();
    assert_greeted(&run(lesson(&["connect"], &server.address.to_string())));
}

#[test]
fn a_client_that_is_too_slow_or_says_something_else_is_told_in_one_line() {
    let server = Server::start(&mut lesson(&["serve", "--timeout", "0.2"], "127.0.0.1:0"));
    let slow = raw(server.address);
    assert!(server.line().ends_with("was not greeted: it said no hello within 200ms"));
    drop(slow);
    drop(raw(server.address));
    assert!(server.line().ends_with("was not greeted: it closed the connection before its hello was whole"));
    assert_eq!(answers(&server, b"\x1b[31m\n"), b"");
    assert!(server.line().ends_with(r#"was not greeted: it said "\x1b[31m\n""#));
}

#[test]
fn a_server_for_one_client_says_whether_it_greeted_it() {
    let server = Server::start(&mut lesson(&["serve", "--once"], "127.0.0.1:0"));
    assert_eq!(answers(&server, b"HELLO!"), b"");
    assert_eq!(server.ended().code(), Some(1));
}

#[test]
fn a_client_says_what_is_wrong_with_a_server() {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    assert_error(&run(lesson(&["connect"], &nobody.to_string())), "start the server, in another terminal: cargo run");
    for (answer, complaint) in [(&b"ho"[..], "answered \"ho\" instead of \"hi\""), (b"h", "closed the connection")] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept()?;
            stream.read_exact(&mut [0; 6])?;
            stream.write_all(answer)
        });
        assert_error(&run(lesson(&["connect"], &address)), complaint);
        server.join().expect("no panic").expect("it was asked");
    }
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    assert_error(&run(lesson(&["connect", "--timeout", "0.2"], &address)), "within 200ms");
}

#[test]
#[cfg(target_os = "linux")]
fn a_stop_lets_a_client_that_is_being_served_finish() {
    use lab::kernel::{tcp_listening, tcp_pair};
    use lab::testing::{sees_sockets, until};
    // That the server is serving the client is seen there.
    if !sees_sockets() {
        return;
    }
    let server = Server::start(&mut lesson(&["serve", "--timeout", "60"], "127.0.0.1:0"));
    let mut stream = raw(server.address);
    stream.write_all(b"hel").expect("taken");
    let (client, address) = (stream.local_addr().expect("ours"), server.address);
    until("the server has read the three bytes", || {
        tcp_pair(address, client).flatten().is_some_and(|socket| socket.received >= 3 && socket.unread == 0)
    });
    let stopped = Command::new("kill").arg(server.process().to_string()).status().expect("kill runs");
    assert!(stopped.success());
    stream.write_all(b"lo!").expect("taken");
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"hi");
    drop(stream);
    assert!(server.ended().success());
    assert_eq!(tcp_listening(address.port()), Some(false));
}

#[test]
fn a_python_client_is_greeted_by_both_forms_and_by_the_first_experiment() {
    for words in [
        &["serve", "--once"][..],
        &["serve", "--once", "--no-reuse-address"],
        &["serve", "restart"],
        &["serve", "restart", "--broken"],
    ] {
        let server = Server::start(&mut lesson(words, "127.0.0.1:0"));
        let Some(client) = python("hello_client.py", &server.address.to_string(), "") else { return };
        assert_greeted(&run(client));
        assert!(server.ended().success());
    }
}

#[test]
fn a_python_server_of_either_form_greets_our_clients_and_only_one_can_be_started_again() {
    for (word, connect) in [("reuse", &["connect"][..]), ("", &["connect"]), ("reuse", &["connect", "restart"])] {
        let Some(mut command) = python("hello_server.py", "127.0.0.1:0", word) else { return };
        let server = Server::start(&mut command);
        let address = server.address.to_string();
        assert_greeted(&run(lesson(connect, &address)));
        assert_eq!(server.line(), "hello!");
        assert!(server.ended().success());
        if word.is_empty() && cfg!(unix) {
            let output = run(python("hello_server.py", &address, word).expect("it was there"));
            assert!(text(&output.stderr).contains("Address already in use"), "{}", text(&output.stderr));
        } else if cfg!(unix) {
            let again = Server::start(&mut python("hello_server.py", &address, word).expect("it was there"));
            assert_greeted(&run(lesson(connect, &again.address.to_string())));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn when_descriptors_run_out_the_server_waits_and_then_serves_again() {
    let Some(server) = lab::testing::after_a_shortage(
        env!("CARGO_BIN_EXE_lesson-03-reuseaddr"),
        &["serve", "--addr", "127.0.0.1:0"],
        6,
    ) else {
        return;
    };
    let stream = raw(server.address);
    (&stream).write_all(b"hello!").expect("it is served");
    assert_eq!(text(&everything(&stream)), "hi");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-03-reuseaddr"),
        arguments: &["serve"],
        first_words: b"hello!",
        is_served: &|address| {
            let mut stream = raw(address);
            stream.write_all(b"hello!").expect("it is taken");
            assert_eq!(everything(&stream), b"hi");
        },
        many: 4000,
        needs_threads: true,
    });
}
