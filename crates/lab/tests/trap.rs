//! `trap`: the relay between two terminals.

use std::process::{Command, Stdio};

use lab::testing::{Server, assert_printed, talk};

const LESSON: &str = env!("CARGO_BIN_EXE_test-lesson");

fn lesson(words: &[&str]) -> Command {
    let mut command = Command::new(LESSON);
    command.args(words).stderr(Stdio::null());
    command
}

#[test]
fn every_connection_meets_the_trap_and_each_step_is_told_as_it_happens() {
    let server = Server::start(&mut lesson(&["serve", "mute", "--addr", "127.0.0.1:0"]));
    let to = server.address.to_string();
    let trap = Server::start(&mut lesson(&["trap", "mute", "--addr", "127.0.0.1:0", "--to", &to]));
    for number in 1..=2 {
        let mut client = lesson(&["connect", "mute", "--addr", &trap.address.to_string()]);
        assert_printed(&talk(&mut client, "hello, world\n"), "hello, world\n");
        trap.says(&format!("{number}  client -> server  \"hello\""));
        if lab::kernel::sees_sockets() {
            trap.says("(the server has read this before more is sent)");
        }
        trap.says("(the relay waits 500ms, for what the reader does with it)");
        trap.says(&format!("{number}  client -> server  \", world\""));
    }
}

#[test]
fn a_client_is_told_to_the_learner_when_nobody_serves() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let trap = Server::start(&mut lesson(&["trap", "mute", "--addr", "127.0.0.1:0", "--to", &nobody.to_string()]));
    let mut client = lesson(&["connect", "mute", "--addr", &trap.address.to_string()]);
    assert!(!talk(&mut client, "").status.success());
    trap.says("refuses the connection: does it run?");
}

#[test]
fn an_unknown_form_lists_those_that_there_are() {
    let output = Command::new(LESSON).args(["trap", "mute", "--form", "9"]).output().expect("it starts");
    lab::testing::assert_error(&output, "mute has no form 9 for a relay; there are: 1 cut after 5 bytes");
}
