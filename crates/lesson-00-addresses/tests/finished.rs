//! The finished program with real processes: what it promises, and what nobody may do to it.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;

use lab::testing::{Server, assert_error, assert_printed, everything, python, raw, text};
use socket2::{Domain, Socket, Type};

fn lesson(words: &[&str], address: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-00-addresses"));
    command.args(words).args(["--addr", address]);
    command
}

fn run(mut command: Command) -> Output {
    command.stdin(Stdio::null()).output().expect("it runs")
}

fn has_ipv6() -> bool {
    let missing = lab::Need::Ipv6.missing();
    missing.iter().for_each(|reason| lab::testing::skip(reason));
    missing.is_none()
}

/// An address at which nobody listens, and the socket that is bound to it, so that nobody can.
fn nobody() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    (socket, address.to_string())
}

/// What the server says to a client that says nothing.
fn answer(server: &Server) -> String {
    text(&everything(&raw(server.address)))
}

#[test]
fn a_client_is_told_where_it_comes_from() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    assert_eq!(answer(&server), "you come from 127.0.0.1 (loopback): welcome\n");
    assert_eq!(server.line(), "127.0.0.1 was let in");
    let client = run(lesson(&["connect"], &server.address.to_string()));
    assert_printed(&client, "127.0.0.1 answers: you come from 127.0.0.1 (loopback): welcome\n");
}

#[test]
fn who_is_not_on_the_list_is_told_so() {
    let server = Server::start(&mut lesson(&["serve", "--allow", "10.0.0.0/8", "--allow", "::1"], "127.0.0.1:0"));
    let client = run(lesson(&["connect"], &server.address.to_string()));
    let line = "127.0.0.1 answers: you come from 127.0.0.1 (loopback): sorry, you are not on the list of this server\n";
    assert_eq!(text(&client.stdout), line);
    assert_eq!(client.status.code(), Some(1));
    assert_eq!(server.line(), "127.0.0.1 is not on the list and was told so");
}

#[test]
fn an_ipv4_client_of_a_dual_stack_server_has_its_own_address() {
    if !has_ipv6() {
        return;
    }
    let server = Server::start(&mut lesson(&["serve", "--dual-stack", "--allow", "127.0.0.0/8"], "127.0.0.1:0"));
    assert!(server.address.is_ipv6(), "{}", server.address);
    let address = format!("127.0.0.1:{}", server.address.port());
    let client = run(lesson(&["connect"], &address));
    assert_printed(&client, "127.0.0.1 answers: you come from 127.0.0.1 (loopback): welcome\n");
}

#[test]
fn an_ipv6_server_takes_ipv4_clients_only_when_told() {
    if !has_ipv6() {
        return;
    }
    let server = Server::start(&mut lesson(&["serve"], "[::1]:0"));
    let client = run(lesson(&["connect"], &server.address.to_string()));
    assert_printed(&client, "::1 answers: you come from ::1 (loopback): welcome\n");
    // Without --dual-stack a mapped address cannot be bound to, and the wildcard would not take IPv4.
    let output = run(lesson(&["serve"], "[::ffff:127.0.0.1]:0"));
    assert_error(&output, "cannot listen on [::ffff:127.0.0.1]:0");
}

#[test]
fn every_address_is_tried_and_told() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    let (_bound, dead) = nobody();
    let living = server.address.to_string();
    let client = run(lesson(&["connect", "--to", &dead, "--to", &living, "--to", &living], "127.0.0.1:1"));
    assert_printed(
        &client,
        "127.0.0.1 does not answer: nobody listens there\n\
         127.0.0.1 answers: you come from 127.0.0.1 (loopback): welcome\n",
    );
    let client = run(lesson(&["connect", "--to", &format!("localhost:{}", server.address.port())], "127.0.0.1:1"));
    assert!(text(&client.stdout).contains("127.0.0.1 answers: "), "{}", text(&client.stdout));
    assert_error(
        &run(lesson(&["connect", "--to", &dead, "--to", "127.0.0.1:1"], "127.0.0.1:1")),
        "none of the 2 addresses",
    );
}

#[test]
fn a_client_says_what_is_wrong() {
    let (_bound, dead) = nobody();
    assert_error(&run(lesson(&["connect"], &dead)), "start the server, in another terminal: cargo run");
    assert_error(&run(lesson(&["connect", "--to", "no-such-host.invalid"], "127.0.0.1:1")), "no-such-host.invalid");
    let long = [b'x'; 300];
    for (answer, complaint) in [
        (&b"half an answer"[..], "before its answer is whole"),
        (b"\x1b[2J\n", r#"it says "\x1b[2J\n""#),
        (b"A\n", r#"it says "A\n", which is no answer of this service"#),
        (&long, "before its answer is whole"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let answer = answer.to_vec();
        let server = thread::spawn(move || listener.accept().and_then(|(mut stream, _)| stream.write_all(&answer)));
        let output = run(lesson(&["connect"], &address));
        assert!(text(&output.stdout).contains(complaint), "{}", text(&output.stdout));
        assert_error(&output, "does not answer");
        server.join().expect("no panic").expect("it was asked");
    }
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let output = run(lesson(&["connect", "--timeout", "1"], &address));
    assert!(text(&output.stdout).contains("accepts the connection and says nothing"), "{}", text(&output.stdout));
}

#[test]
fn usage_errors_say_what_to_write() {
    for words in [
        &["serve", "--allow", "localhost"][..],
        &["serve", "--allow", "10.0.0.0/40"],
        &["connect", "--to", "localhost:http"],
        &["connect", "--from", "localhost"],
    ] {
        assert_eq!(run(lesson(words, "127.0.0.1:0")).status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn clients_that_stay_do_not_keep_others_waiting() {
    let server = Server::start(&mut lesson(&["serve", "--timeout", "60"], "127.0.0.1:0"));
    let _staying: Vec<TcpStream> = (0..20).map(|_| raw(server.address)).collect();
    assert!(answer(&server).ends_with("welcome\n"));
}

#[test]
fn a_client_that_talks_or_goes_at_once_harms_nobody() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    let mut talker = raw(server.address);
    talker.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("taken");
    assert!(text(&everything(&talker)).ends_with("welcome\n"));
    drop(raw(server.address));
    assert!(answer(&server).ends_with("welcome\n"));
}

#[test]
fn a_live_server_keeps_its_address_to_itself() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    assert_error(&run(lesson(&["serve"], &server.address.to_string())), "end the other program");
    assert!(answer(&server).ends_with("welcome\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn all_of_127_is_this_machine_and_the_list_looks_at_the_mask() {
    let server = Server::start(&mut lesson(&["serve", "--allow", "127.16.0.0/12"], "127.0.0.1:0"));
    let from = |source: &str| text(&run(lesson(&["connect", "--from", source], &server.address.to_string())).stdout);
    assert!(from("127.20.1.1").ends_with("you come from 127.20.1.1 (loopback): welcome\n"));
    assert!(from("127.160.1.1").contains("not on the list"));
    assert!(from("::1").contains("other family"));
    assert!(from("192.0.2.77").contains("cannot connect from 192.0.2.77"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_stop_is_clean() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    let port = server.address.port();
    assert!(answer(&server).ends_with("welcome\n"));
    let stopped = Command::new("kill").arg(server.process().to_string()).status().expect("kill runs");
    assert!(stopped.success() && server.ended().success());
    if lab::testing::sees_sockets() {
        assert_eq!(lab::kernel::tcp_listening(port), Some(false));
    }
}

#[test]
fn a_python_client_reads_the_answer() {
    let server = Server::start(&mut lesson(&["serve"], "127.0.0.1:0"));
    let Some(mut client) = python("where.py") else { return };
    client.args(["127.0.0.1", &server.address.port().to_string()]);
    assert_printed(&run(client), "you come from 127.0.0.1 (loopback): welcome\n");
}

#[cfg(target_os = "linux")]
#[test]
fn when_descriptors_run_out_the_server_waits_and_then_serves_again() {
    let Some(server) = lab::testing::after_a_shortage(
        env!("CARGO_BIN_EXE_lesson-00-addresses"),
        &["serve", "--addr", "127.0.0.1:0"],
        6,
    ) else {
        return;
    };
    assert!(answer(&server).starts_with("you come from 127.0.0.1"));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-00-addresses"),
        arguments: &["serve"],
        first_words: b"",
        is_served: &|address| {
            let answer = everything(&raw(address));
            assert!(text(&answer).contains("welcome"), "{}", text(&answer));
        },
        many: 4000,
        needs_threads: true,
    });
}
