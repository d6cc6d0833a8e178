//! Python's `socket` on the other end of single experiments: programs of `tests/python`, processes of their own.
//!
//! The wire of the finished program is tested in `finished.rs`.

use std::process::Command;

use lab::testing::{Server, assert_printed, python, talk};

fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-02-udp"))
}

/// Runs a Python client against one of our servers and compares what it prints.
#[track_caller]
fn python_client(serve: &[&str], input: &str, wanted: &str) {
    let Some(mut client) = python("time_client.py") else { return };
    let server = Server::start(lesson().arg("serve").args(serve).args(["--addr", "127.0.0.1:0"]));
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    assert_printed(&talk(client.args([host, port]), input), wanted);
}

#[test]
fn a_python_client_talks_to_the_servers_that_send_datagrams_back() {
    python_client(&["empty-datagram", "--broken"], "hello\n价格\n", "hello\n价格\n");
    python_client(&["empty-datagram"], "hello\n价格\n", "hello\n价格\n");
    python_client(&["cut-datagram"], "hello\negg\n", "hello\negg\n");
}

#[test]
fn a_python_client_gets_part_of_a_long_line_and_all_of_the_next() {
    if cfg!(windows) {
        lab::testing::skip("on Windows a receive with too little room is an error");
        return;
    }
    let (long, cut) = ("x".repeat(1100), "x".repeat(1024));
    python_client(&["cut-datagram", "--broken"], &format!("{long}\negg\n"), &format!("{cut}\negg\n"));
}

#[test]
fn connect_lost_reply_asks_a_python_server_again() {
    let Some(mut server) = python("echo_server.py") else { return };
    let server = Server::start(&mut server);
    let mut client = lesson();
    client.args(["connect", "lost-reply", "--addr", &server.address.to_string()]);
    assert_printed(&talk(&mut client, "hello\negg\n"), "1 hello\n2 egg\n");
    assert_eq!([server.line(), server.line()], ["got 7", "got 7"], "the same question twice");
    server.says("got 5");
}

#[test]
fn connect_too_big_talks_to_a_python_server() {
    let Some(mut server) = python("time_server.py") else { return };
    let server = Server::start(&mut server);
    let mut client = lesson();
    client.args(["connect", "too-big", "--addr", &server.address.to_string()]);
    let output = talk(&mut client, &format!("{}\nexit\n", "x".repeat(70_000)));
    assert!(output.status.success() && output.stdout.ends_with(b"] exit\n"), "{output:?}");
    assert_eq!(server.last_lines(), ["answered 4"]);
}
