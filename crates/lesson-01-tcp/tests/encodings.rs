//! Python programs that send and receive GBK on the other end of `wrong-encoding`.

use std::process::Command;

use lab::testing::{Server, assert_printed, python, talk};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-01-tcp");

#[test]
fn a_python_client_sends_gbk_to_serve_wrong_encoding() {
    let Some(mut client) = python("gbk_sending_client.py") else { return };
    let server = Server::start(Command::new(LESSON).args(["serve", "wrong-encoding", "--addr", "127.0.0.1:0"]));
    assert_printed(&talk(client.args(address(&server)), ""), "");
    assert_eq!(server.line(), "4 bytes: 数据");
    assert!(server.ended().success());
}

#[test]
fn a_python_client_receives_gbk_from_the_gbk_sender() {
    let Some(mut client) = python("gbk_receiving_client.py") else { return };
    let server = Server::start(Command::new(LESSON).args(["gbk-sender", "--addr", "127.0.0.1:0"]));
    assert_printed(&talk(client.args(address(&server)), ""), "TCP数据\n");
    assert!(server.ended().success());
}

#[test]
fn connect_wrong_encoding_sends_gbk_to_a_python_server() {
    let Some(mut server) = python("gbk_receiving_server.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(&mut connect(&server, &[]), "数据\n"), "");
    assert_eq!(server.line(), "数据");
    assert!(server.ended().success());
}

#[test]
fn the_broken_client_sends_a_python_server_something_else_without_an_error() {
    let Some(mut server) = python("gbk_receiving_server.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(&mut connect(&server, &["--broken"]), "数据\n"), "");
    assert_eq!(server.line(), "鏁版嵁");
    assert!(server.ended().success());
}

#[test]
fn connect_wrong_encoding_receives_gbk_from_a_python_server() {
    let Some(mut server) = python("gbk_sending_server.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(&mut connect(&server, &[]), ""), "TCP数据\n");
    assert!(server.ended().success());
}

/// Where a Python program finds this server: host and port.
fn address(server: &Server) -> [String; 2] {
    [server.address.ip().to_string(), server.address.port().to_string()]
}

fn connect(server: &Server, cast: &[&str]) -> Command {
    let mut client = Command::new(LESSON);
    client.args(["connect", "wrong-encoding", "--addr", &server.address.to_string()]).args(cast);
    client
}
