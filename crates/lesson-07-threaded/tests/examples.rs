//! The example `upper_once`, with a Python program on the other end. Both are processes of their own.

use std::io::Write;
use std::net::Shutdown;
use std::path::Path;
use std::process::Command;

use lab::testing::{Server, assert_printed, everything, python, raw, talk};

const PRINTED: &str = "Sent:     hello\nReceived: HELLO\n";

/// A program of `examples`, which `cargo test` builds beside the lesson's own.
fn example() -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_lesson-07-threaded")).with_file_name("examples");
    let path = folder.join(format!("upper_once{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: cargo build -p lesson-07-threaded --examples", path.display());
    Command::new(path)
}

fn serve() -> Server {
    Server::start(example().args(["serve", "127.0.0.1:0"]))
}

#[track_caller]
fn assert_wrote(server: &Server, bytes: &str) {
    let line = server.line();
    assert!(line.starts_with("127.0.0.1") && line.ends_with(" wrote:"), "{line}");
    assert_eq!(server.line(), bytes);
}

#[test]
fn both_sides_are_ours() {
    let server = serve();
    for _ in 0..2 {
        assert_printed(&talk(example().args(["connect", &server.address.to_string()]), ""), PRINTED);
        assert_wrote(&server, "hello");
    }
}

#[test]
fn a_python_client() {
    let Some(mut client) = python("upper_once.py") else { return };
    let server = serve();
    client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
    assert_printed(&talk(&mut client, ""), PRINTED);
    assert_wrote(&server, "hello");
}

#[test]
fn a_python_server() {
    let Some(mut server) = python("upper_once.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(example().args(["connect", &server.address.to_string()]), ""), PRINTED);
    assert_wrote(&server, "b'hello'");
}

#[test]
fn six_bytes_are_white_space_and_nothing_else_changes() {
    let server = serve();
    for (sent, answer, printed) in [
        (&b" \t\n\r\x0b\x0ca b\t{z} \xe4\xff \x0c\x0b\r\n\t"[..], &b"A B\t{Z} \xe4\xff"[..], r"a b\t{z} \xe4\xff"),
        (b"\0x\x1c\n", b"\0X\x1c", r"\x00x\x1c"),
        (b" \n", b"", ""),
        (b"", b"", ""),
    ] {
        let mut stream = raw(server.address);
        stream.write_all(sent).expect("it is sent");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        assert_eq!(everything(&stream), answer);
        assert_wrote(&server, printed);
    }
}

#[test]
fn a_word_that_is_none_is_told_of() {
    let output = example().output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("say serve or connect"));
}
