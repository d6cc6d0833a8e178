//! The small programs of the chapter, each with a Python program on the other end. Both are processes of their own.

use std::path::Path;
use std::process::{Command, Output};

use lab::testing::{Server, assert_printed, python, talk};

/// A program of `examples`, which `cargo test` builds beside the lesson's own.
fn example(name: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_lesson-01-tcp")).with_file_name("examples");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: cargo build -p lesson-01-tcp --examples", path.display());
    Command::new(path)
}

/// Our server and a Python client; what it printed, and the server for its lines. `None` without Python.
fn python_client(name: &str, input: &str) -> Option<(Output, Server)> {
    let mut client = python(&format!("{name}.py"))?;
    let server = Server::start(example(name).args(["serve", "127.0.0.1:0"]));
    client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
    Some((talk(&mut client, input), server))
}

/// A Python server and our client. `None` without Python.
fn python_server(name: &str, word: &str, input: &str) -> Option<(Output, Server)> {
    let server = Server::start(&mut python(&format!("{name}.py"))?);
    Some((talk(example(name).args([word, &server.address.to_string()]), input), server))
}

#[test]
fn greeting() {
    let Some((output, server)) = python_client("greeting", "") else { return };
    assert_printed(&output, "b'byebye'\n");
    server.says("a connection from 127.0.0.1:");
    assert_eq!(server.last_lines(), ["hihi"]);
    let Some((output, server)) = python_server("greeting", "connect", "") else { return };
    assert_printed(&output, "byebye\n");
    assert_eq!(server.last_lines(), ["b'hihi'"]);
}

#[test]
fn hello() {
    let Some((output, server)) = python_client("hello", "") else { return };
    assert_printed(&output, "b'hi'\n");
    assert_eq!(server.last_lines(), ["hello!"]);
    let Some((output, server)) = python_server("hello", "connect", "") else { return };
    assert_printed(&output, "hi\n");
    assert_eq!(server.last_lines(), ["b'hello!'"]);
}

#[test]
fn send_all() {
    let Some((output, server)) = python_client("send_all", "") else { return };
    assert_printed(&output, "");
    assert_eq!(server.last_lines(), ["Hello world\\n"]);
    for word in ["connect", "connect-by-hand"] {
        let Some((output, server)) = python_server("send_all", word, "") else { return };
        assert_printed(&output, "");
        assert_eq!(server.last_lines(), ["b'Hello world\\n'"], "{word}");
    }
}

#[test]
fn one_echo() {
    let Some((output, server)) = python_client("one_echo", "") else { return };
    assert_printed(&output, "b'hello'\n");
    assert_eq!(server.last_lines(), ["hello"]);
    let Some((output, _server)) = python_server("one_echo", "connect", "") else { return };
    assert_printed(&output, "hello\n");
}

#[test]
fn many_echoes() {
    let input = "one\n\nmore than ten bytes\n价格¥9\n";
    let Some((output, server)) = python_client("many_echoes", input) else { return };
    assert_printed(&output, input);
    server.says("has ended the conversation");
    let Some((output, _server)) = python_server("many_echoes", "connect", input) else { return };
    assert_printed(&output, input);
}

#[test]
fn a_word_that_is_none_is_told_of() {
    for name in ["greeting", "hello", "send_all", "one_echo", "many_echoes"] {
        let output = example(name).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("say serve or connect"));
    }
}
