//! The small program of the chapter, with a Python program of the tutorials' kind on the other end.

use std::path::Path;
use std::process::{Command, Output};

use lab::testing::{Server, assert_printed, python, talk, text};

/// The program, which `cargo test` builds beside the lesson's own.
fn example() -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_lesson-06-auth")).with_file_name("examples");
    let path = folder.join(format!("upper_after_hmac{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: cargo build -p lesson-06-auth --examples", path.display());
    Command::new(path)
}

/// A client in Python: `None` without Python.
fn asks(server: &Server, how: &str, input: &str) -> Option<Output> {
    let mut client = python("upper_after_hmac.py")?;
    client.args([how, &server.address.ip().to_string(), &server.address.port().to_string()]);
    Some(talk(&mut client, input))
}

#[test]
fn ours_and_ours() {
    let server = Server::start(example().args(["serve", "127.0.0.1:0"]));
    let output = talk(example().args(["connect", &server.address.to_string()]), "hello\n\n {a-z} 0 \nquit\nno\n");
    assert_printed(&output, "HELLO\n{A-Z} 0\n");
    server.says(" has ended");
}

#[test]
fn our_server_and_a_python_client() {
    let server = Server::start(example().args(["serve", "127.0.0.1:0"]));
    let Some(output) = asks(&server, "connect", "hello\n\nworld\nquit\n") else { return };
    assert_printed(&output, "b'HELLO'\nb'WORLD'\n");
    server.says(" has ended");
}

#[test]
fn our_client_and_a_python_server() {
    let Some(mut python) = python("upper_after_hmac.py") else { return };
    let server = Server::start(&mut python);
    for _ in 0..2 {
        assert_printed(
            &talk(example().args(["connect", &server.address.to_string()]), "hello\nworld\n"),
            "HELLO\nWORLD\n",
        );
    }
}

#[test]
fn a_client_without_the_key_gets_nothing() {
    let server = Server::start(example().args(["serve", "127.0.0.1:0"]));
    // It takes the challenge for its first answer, and its text is a wrong digest.
    let Some(output) = asks(&server, "connect-without-login", &format!("{}\n", "x".repeat(32))) else { return };
    assert!(output.stdout.starts_with(b"b") && !text(&output.stdout).contains("XX"), "{}", text(&output.stdout));
    server.says("this client does not have the key");
    let Some(output) = asks(&server, "connect-with-another-key", "hello\n") else { return };
    assert!(!text(&output.stdout).contains("HELLO"), "{}", text(&output.stdout));
    server.says("this client does not have the key");
    assert_printed(&asks(&server, "connect", "still here\n").expect("it was there a moment ago"), "b'STILL HERE'\n");
}

#[test]
fn a_word_that_is_none_is_told_of() {
    let output = example().output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("say serve or connect"));
}
