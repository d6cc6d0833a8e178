//! Python's `socket` on the other end of the two short conversations over UDP: a hello, and one word in GBK.
//!
//! Each pair is a lesson's program and a small Python program in `tests/python`, both processes of their own.

use std::net::{SocketAddr, UdpSocket};
use std::process::Command;

use lab::testing::{PATIENCE, Server, assert_printed, python, talk};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-02-udp");
const WORD: &str = "数据";
const IN_GBK: [u8; 4] = [0xca, 0xfd, 0xbe, 0xdd];

#[test]
fn a_python_client_says_hello_to_serve_client_first() {
    let Some(client) = python("hello_client.py") else { return };
    let server = serve("client-first", &[]);
    let output = talk(&mut at(client, server.address), "");
    assert_printed(&output, &format!("hi from {}\n", server.address));
    assert_eq!(server.line(), "hello");
    assert!(server.ended().success());
}

#[test]
fn connect_client_first_says_hello_to_a_python_server() {
    for cast in [&["--broken"][..], &[]] {
        let Some(mut server) = python("hello_server.py") else { return };
        let server = Server::start(&mut server);
        let output = talk(&mut connect("client-first", cast, server.address), "");
        assert_printed(&output, &format!("hi from {}\n", server.address));
        assert_eq!(server.line(), "hello");
        assert!(server.ended().success());
    }
}

/// The sender ends at once, and so nobody receives the answer; the server goes on.
#[test]
fn serve_gbk_reads_what_a_python_sender_wrote() {
    for (cast, text) in [(&["--broken"][..], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"), (&[], WORD)] {
        let server = serve("gbk", cast);
        for _ in 0..2 {
            let Some(sender) = python("gbk_sender.py") else { return };
            assert_printed(&talk(&mut at(sender, server.address), ""), "4\n");
            assert_eq!(server.line(), text);
        }
    }
}

#[test]
fn connect_gbk_writes_what_a_python_server_reads() {
    let Some(mut server) = python("gbk_receiver.py") else { return };
    let server = Server::start(&mut server);
    let output = talk(&mut connect("gbk", &[], server.address), &format!("{WORD}\n"));
    assert_printed(&output, &format!("{WORD}\n"));
    assert_eq!(server.line(), r"b'\xca\xfd\xbe\xdd'");
    assert!(server.ended().success());
}

/// The sender writes to one port and the receiver has another: no error on either side, and the text is nowhere.
#[test]
fn with_two_port_numbers_sender_and_receiver_never_meet() {
    let Some(sender) = python("gbk_sender.py") else { return };
    let elsewhere = UdpSocket::bind("127.0.0.1:0").expect("a port");
    elsewhere.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let server = serve("gbk", &[]);
    let output = talk(&mut at(sender, elsewhere.local_addr().expect("an address")), "");
    assert_printed(&output, "4\n");
    let mut buffer = [0; 5];
    assert_eq!(elsewhere.recv(&mut buffer).expect("the datagram"), 4);
    assert_eq!(buffer[..4], IN_GBK);
    // What the server prints first is what came to its own port.
    elsewhere.send_to(b"own port", server.address).expect("sent");
    assert_eq!(server.line(), "own port");
}

fn serve(name: &str, cast: &[&str]) -> Server {
    Server::start(Command::new(LESSON).args(["serve", name, "--addr", "127.0.0.1:0"]).args(cast))
}

fn connect(name: &str, cast: &[&str], server: SocketAddr) -> Command {
    let mut command = Command::new(LESSON);
    command.args(["connect", name, "--addr", &server.to_string()]).args(cast);
    command
}

fn at(mut program: Command, server: SocketAddr) -> Command {
    program.args([server.ip().to_string(), server.port().to_string()]);
    program
}
