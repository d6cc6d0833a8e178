//! A client and a server in Python that were written from the chapter, and the chapter's example, which must be true.

use std::net::SocketAddr;
use std::process::{Command, Output};

use lab::testing::{Server, assert_error, assert_printed, python, talk};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");
/// Another key under the same name.
const NOT_ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrong-keys/alice.key");
const CHAPTER: &str = include_str!("../../../docs/06-auth.md");
const CLIENT: &str = "login_client.py";

/// The lines of the example, computed by the functions of the client.
const EXAMPLE: &str = r#"
import sys
sys.path.insert(0, "tests/python")
import login_client as client
m1 = b"SBF1\x01\x09lesson-06" + bytes(range(0x20, 0x40))
m2 = b"SBF1\x02\x05alice" + bytes(range(0x40, 0x60))
keys = client.Keys(bytes(range(0x20)), m1, m2)
def show(name, value):
    print(f"{name:26}{value.hex()}")
def show_key(label):
    show(f'K("{label}")', keys.key(label.encode()))
show("P", keys.p)
show("H", keys.h)
show_key("client finished")
show("tag in M2", keys.client_tag())
show_key("server finished")
show("tag in M3", keys.server_tag())
show_key("client to server")
show_key("server to client")
out = keys.key(b"client to server")
show('record 0, data "hello"', client.record_tag(out, 0, client.DATA, b"hello"))
show("record 1, the end", client.record_tag(out, 1, client.END, b""))
"#;

fn serve() -> Server {
    let mut lesson = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    Server::start(lesson.args(["serve", "--addr", "127.0.0.1:0", "--keys", KEYS, "--exposed-keys"]))
}

fn ask(address: SocketAddr, identity: &str, key: &str, input: &str) -> Output {
    let mut client = python(CLIENT).expect("it was there a moment ago");
    talk(client.args([&address.ip().to_string(), &address.port().to_string(), identity, key]), input)
}

#[test]
fn a_python_client_logs_in_and_both_sides_end() {
    if python(CLIENT).is_none() {
        return;
    }
    let server = serve();
    let long = "k\u{e4}se ".repeat(1_000);
    let output = ask(server.address, "alice", ALICE, &format!("hello\n{long}\n{{a-z}} 0\n"));
    assert_printed(&output, &format!("HELLO\n{}\n{{A-Z}} 0\n", long.to_ascii_uppercase()));
    let line = server.line();
    assert!(line.ends_with(" (alice) had 6012 bytes answered, ended by the client"), "{line}");
    assert_printed(&ask(server.address, "alice", ALICE, ""), "");
    assert!(server.line().ends_with(" (alice) had 0 bytes answered, ended by the client"));
}

#[test]
fn a_python_client_is_told_that_it_is_refused() {
    if python(CLIENT).is_none() {
        return;
    }
    let server = serve();
    assert_error(&ask(server.address, "alice", NOT_ALICE, "hi\n"), "the server refused the login");
    server.says(r#"was refused: client "alice" did not prove that it has its key"#);
    assert_error(&ask(server.address, "mallory", ALICE, "hi\n"), "the server refused the login");
    server.says(r#"was refused: client "mallory" is not known here"#);
    assert_printed(&ask(server.address, "alice", ALICE, "still here\n"), "STILL HERE\n");
}

#[test]
fn a_python_client_is_told_that_the_server_is_full() {
    if python(CLIENT).is_none() {
        return;
    }
    let mut lesson = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    let one = ["--strangers", "1", "--login", "600"];
    lesson.args(["serve", "--addr", "127.0.0.1:0", "--keys", KEYS, "--exposed-keys"]).args(one);
    let server = Server::start(&mut lesson);
    // The greeting says that the place is taken.
    let mut stranger = lab::testing::raw(server.address);
    std::io::Read::read_exact(&mut stranger, &mut [0; 57]).expect("a greeting");
    assert_error(&ask(server.address, "alice", ALICE, "hi\n"), "the server is full");
}

#[test]
fn identities_of_64_bytes_both_ways() {
    let Some(mut python_server) = python("login_server.py") else { return };
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("identities-of-64-bytes");
    let name = "0123456789abcdef".repeat(4);
    let key = folder.join(format!("{name}.key"));
    if !key.exists() {
        let made = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth")).arg("keygen").arg(&key).status();
        assert!(made.expect("it runs").success());
    }
    let mut lesson = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    let server = Server::start(lesson.args(["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&folder));
    assert_printed(&ask(server.address, &name, key.to_str().expect("a path"), "hi\n"), "HI\n");
    server.says(&format!("({name}) had 2 bytes answered"));
    let server = Server::start(python_server.arg(&folder));
    let mut client = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    client.args(["connect", "--addr", &server.address.to_string(), "--key"]).arg(&key);
    assert_printed(&talk(&mut client, "hi\n"), "HI\n");
    assert_eq!(server.line(), format!("{name} had 2 bytes answered"));
}

#[test]
fn the_finished_client_logs_in_to_a_python_server() {
    let Some(mut server) = python("login_server.py") else { return };
    let server = Server::start(server.arg(KEYS));
    let connect = |more: &[&str], input: &str| {
        let mut client = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
        talk(client.args(["connect", "--addr", &server.address.to_string()]).args(more), input)
    };
    let long = "k\u{e4}se ".repeat(1_000);
    let output = connect(&["--key", ALICE, "--exposed-keys"], &format!("hello\n{long}\n"));
    assert_printed(&output, &format!("HELLO\n{}\n", long.to_ascii_uppercase()));
    assert_eq!(server.line(), "alice had 6005 bytes answered");
    assert_error(&connect(&["--key", NOT_ALICE, "--exposed-keys"], "hi\n"), "the server refused the login");
    assert_eq!(server.line(), "closed: b'alice' did not prove that it has a key");
    assert_error(
        &connect(&["--key", ALICE, "--identity", "mallory", "--exposed-keys"], "hi\n"),
        "the server refused the login",
    );
    assert_eq!(server.line(), "closed: b'mallory' did not prove that it has a key");
}

#[test]
fn the_example_of_the_chapter_is_right() {
    let Some(client) = python(CLIENT) else { return };
    let mut command = Command::new(client.get_program());
    command.args(["-c", EXAMPLE]).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", lab::testing::text(&output.stderr));
    let values = lab::testing::text(&output.stdout).replace("\r\n", "\n");
    assert_eq!(values.lines().count(), 10);
    assert!(CHAPTER.replace("\r\n", "\n").contains(&format!("```text\n{values}```\n")), "the chapter lacks\n{values}");
}
