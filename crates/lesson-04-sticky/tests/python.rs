//! Python's `socket` on the other end of single experiments: programs of `tests/python`, processes of their own.
//!
//! The wire of the finished program and of `joined` is tested in `finished.rs`.

use std::process::Command;

use lab::testing::{Server, assert_printed, python, talk, text};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-04-sticky");

/// A message is in one segment, so the first two bytes are all that a `recv(2)` gives, and the rest comes next.
#[test]
fn connect_divided_talks_to_a_python_server_that_reads_2_bytes_and_then_10() {
    let Some(mut server) = python("divided_server.py") else { return };
    let server = Server::start(&mut server);
    let connect = ["connect", "divided", "--broken", "--addr", &server.address.to_string()];
    let output = talk(Command::new(LESSON).args(connect), "hello egg\n");
    assert!(output.status.success(), "{}: {}", output.status, text(&output.stderr));
    assert_eq!(server.last_lines(), ["-----> he", "-----> llo egg"]);
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
        lab::testing::skip("on Windows a receive with too little room is an error");
    }
    python_client(&["serve", "datagrams-keep"], "datagram_client.py", "hello\negg\n", "-----> hello\n-----> egg\n");
}

/// Runs a Python program as the client of our server and compares what it prints.
fn python_client(serve: &[&str], program: &str, input: &str, wanted: &str) {
    let Some(mut client) = python(program) else { return };
    let server = Server::start(Command::new(LESSON).args(serve).args(["--addr", "127.0.0.1:0"]));
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    assert_printed(&talk(client.args([host, port]), input), wanted);
}
