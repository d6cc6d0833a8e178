//! The finished program with real processes: its bytes, hostile datagrams, its stop, and Python on the other end of it.

use std::net::{SocketAddr, UdpSocket};
use std::process::{Command, Output};
use std::thread;

use lab::testing::{PATIENCE, Server, assert_error, assert_printed, python, talk, text, until};

/// The time that the servers of these tests put before every answer.
const TIME: &str = "Thu Nov 20 23:47:00 2025";
/// A client that must not ask again does so after so many seconds.
const NEVER: &str = "100";
/// An answer is longer than its request by so many bytes.
const STAMP: usize = 27;

fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-02-udp"))
}

fn serve(arguments: &[&str]) -> Server {
    Server::start(lesson().args(["serve", "--clock", TIME, "--addr", "127.0.0.1:0"]).args(arguments))
}

/// The client, which asks again after so many seconds: never, where an answer is sure to come.
fn connect(address: SocketAddr, timeout: &str, input: &str) -> Output {
    let address = address.to_string();
    talk(lesson().args(["connect", "--tries", "3", "--timeout", timeout, "--addr", &address]), input)
}

/// A socket of the test's own, whose receives fail after [`PATIENCE`] rather than wait for ever.
fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    socket
}

#[track_caller]
fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 65_535];
    let (got, sender) = socket.recv_from(&mut buffer).expect("a datagram");
    buffer.truncate(got);
    (buffer, sender)
}

/// Sends a datagram to the server, and receives one from it.
#[track_caller]
fn ask(socket: &UdpSocket, server: &Server, datagram: &[u8]) -> Vec<u8> {
    socket.send_to(datagram, server.address).expect("it is sent");
    let (answer, sender) = receive(socket);
    assert_eq!(sender, server.address);
    answer
}

fn stamped(data: &[u8]) -> Vec<u8> {
    [format!("[{TIME}] ").as_bytes(), data].concat()
}

#[track_caller]
fn assert_serves(server: &Server) {
    let answer = ask(&socket(), server, b"here");
    assert_eq!(text(&answer), text(&stamped(b"here")));
}

#[test]
fn receives_on_loopback_unless_told_otherwise() {
    let output = lesson().args(["serve", "--addr", "192.0.2.1:0"]).output().expect("it runs");
    assert_error(&output, "can be reached by other machines");
    let output = lesson().args(["serve", "--public", "--addr", "192.0.2.1:0"]).output().expect("it runs");
    assert_error(&output, "cannot receive at 192.0.2.1:0");
    for address in ["0.0.0.0:0", "[::]:0"] {
        let output = lesson().args(["serve", "--public", "--addr", address]).output().expect("it runs");
        assert_error(&output, "name the one that clients ask");
    }
}

#[test]
fn the_bytes_are_those_of_the_documentation() {
    let server = serve(&[]);
    let socket = socket();
    for data in [&b"hello"[..], b"", b"\n", b"exit", b"exit\n", b"\xca\xfd\xbe\xdd", b"\0\x1b[2J", &[b'x'; 5000]] {
        let answer = ask(&socket, &server, data);
        assert_eq!(answer, stamped(data));
        assert_eq!(answer.len(), STAMP + data.len());
    }
}

#[test]
fn the_largest_datagrams_are_received_whole_and_what_cannot_be_answered_does_no_harm() {
    let server = serve(&[]);
    let socket = socket();
    if let Err(error) = socket.send_to(&[b'x'; 65_507], server.address) {
        lab::testing::skip(&format!("this system does not send datagrams of this size: {error}"));
        return;
    }
    let line = server.line();
    assert!(line.contains("sent 65507 bytes, no answer: 65534 cannot be sent"), "{line}");
    let data = vec![b'x'; 65_507 - STAMP];
    assert!(ask(&socket, &server, &data) == stamped(&data), "the answer to the largest request");
    assert_serves(&server);
}

#[test]
fn answers_are_not_answered() {
    let (one, other) = (serve(&[]), serve(&[]));
    let socket = socket();
    let answer = ask(&socket, &one, b"hello");
    socket.send_to(&answer, other.address).expect("it is sent");
    other.says("no answer: it begins with a time stamp");
    // The next datagram that comes is the answer to this one, so there was none to that.
    assert_eq!(ask(&socket, &other, b"next"), stamped(b"next"));
}

#[test]
fn datagrams_from_the_port_of_such_a_server_are_not_answered() {
    let server = serve(&[]);
    let Ok(socket) = UdpSocket::bind(("127.0.0.2", server.address.port())) else {
        lab::testing::skip("this system has only one loopback address");
        return;
    };
    socket.send_to(b"hello", server.address).expect("it is sent");
    server.says("no answer: it comes from a port like this server's");
    assert_serves(&server);
}

#[test]
fn a_sender_that_has_gone_does_no_harm() {
    let server = serve(&[]);
    for _ in 0..5 {
        let socket = socket();
        socket.send_to(b"bye", server.address).expect("it is sent");
        drop(socket);
        server.says("sent 3 bytes");
    }
    assert_serves(&server);
}

#[test]
fn a_sender_of_too_many_is_slowed_down_and_nobody_else() {
    let server = serve(&["--rate", "2"]);
    let greedy = socket();
    for _ in 0..200 {
        greedy.send_to(b"more", server.address).expect("it is sent");
    }
    server.says("sends more than 2 datagrams a second: no answer");
    assert_serves(&server);
    // Its answers come at the pace of the server: sooner or later one does.
    greedy.set_read_timeout(Some(std::time::Duration::from_millis(50))).expect("a timeout");
    until("the sender is answered again", || {
        greedy.send_to(b"again", server.address).expect("it is sent");
        let mut buffer = [0; 100];
        greedy.recv(&mut buffer).is_ok_and(|got| buffer[..got] == stamped(b"again"))
    });
}

#[test]
fn only_a_server_that_was_told_so_is_stopped_by_a_datagram() {
    let server = serve(&["--allow-exit"]);
    let socket = socket();
    assert_eq!(ask(&socket, &server, b"exit\n"), stamped(b"exit\n"));
    assert_eq!(ask(&socket, &server, b"exit"), stamped(b"exit"));
    server.says("ended the server after 2 answers");
    assert_eq!(server.ended().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_in_order() {
    for signal in ["-INT", "-TERM"] {
        let server = serve(&[]);
        assert_serves(&server);
        let status = Command::new("kill").args([signal, &server.process().to_string()]).status().expect("kill runs");
        assert!(status.success());
        server.says("stopped after 1 answer");
        assert_eq!(server.ended().code(), Some(0));
    }
}

#[test]
fn the_client_prints_answers_until_an_empty_line() {
    let server = serve(&[]);
    let output = connect(server.address, NEVER, "hello\n价格¥9\n\u{7}\n\nnever sent\n");
    assert_printed(&output, &format!("[{TIME}] hello\n[{TIME}] 价格¥9\n[{TIME}] \\u{{7}}\n"));
    assert_printed(&connect(server.address, NEVER, "no newline"), &format!("[{TIME}] no newline\n"));
    assert_printed(&connect(server.address, NEVER, ""), "");
}

#[test]
fn the_client_asks_again_and_then_gives_up() {
    let silent = socket();
    let output = connect(silent.local_addr().expect("an address"), "0.05", "hello\n");
    assert_error(&output, "after 3 tries");
    let senders: Vec<SocketAddr> = (0..3)
        .map(|_| receive(&silent))
        .map(|(data, sender)| {
            assert_eq!(data, b"hello");
            sender
        })
        .collect();
    assert_eq!(senders, [senders[0]; 3]);
    silent.set_nonblocking(true).expect("it can be asked");
    assert!(silent.recv(&mut [0; 9]).is_err(), "a fourth try");
}

#[test]
fn the_client_knows_its_answer() {
    let (server, stranger) = (socket(), socket());
    let address = server.local_addr().expect("an address");
    let output = thread::scope(|scope| {
        scope.spawn(|| {
            let (_, client) = receive(&server);
            stranger.send_to(&stamped(b"one, forged"), client).expect("it is sent");
            stranger.send_to(&stamped(b"one"), client).expect("it is sent");
            for wrong in [&b""[..], b"one", &stamped(b"on"), &stamped(b"one "), &stamped(b"two")] {
                server.send_to(wrong, client).expect("it is sent");
            }
            server.send_to(&stamped(b"one"), client).expect("it is sent");
            server.send_to(&stamped(b"one"), client).expect("it is sent");
            let (_, again) = receive(&server);
            assert_eq!(again, client);
            server.send_to(&stamped(b"one"), client).expect("it is sent");
            server.send_to(&stamped(b"two"), client).expect("it is sent");
        });
        connect(address, NEVER, "one\ntwo\n")
    });
    assert_printed(&output, &format!("[{TIME}] one\n[{TIME}] two\n"));
    // Five wrong ones, the one that came twice, and the late one.
    assert_eq!(text(&output.stderr).matches("passed over").count(), 7, "{}", text(&output.stderr));
}

#[test]
fn an_earlier_answer_is_not_taken_for_that_of_an_equal_line() {
    let server = socket();
    let address = server.local_addr().expect("an address");
    let early = [&b"[Thu Nov 20 23:46:59 2025] "[..], b"same"].concat();
    let output = thread::scope(|scope| {
        scope.spawn(|| {
            let (_, first) = receive(&server);
            server.send_to(&early, first).expect("it is sent");
            let (_, second) = receive(&server);
            assert_ne!(first, second, "the same line from the same port");
            // Windows reports here, at a later receive, that nobody has the old port any more.
            server.send_to(&early, first).expect("it is sent");
            server.send_to(&stamped(b"same"), second).expect("it is sent");
        });
        connect(address, NEVER, "same\nsame\n")
    });
    assert_printed(&output, &format!("[Thu Nov 20 23:46:59 2025] same\n[{TIME}] same\n"));
}

#[test]
fn the_client_says_what_cannot_be_asked() {
    let server = serve(&[]);
    let output = connect(server.address, NEVER, &format!("[{TIME}] hello\n"));
    assert_error(&output, "a line that begins with a time stamp");
    let output = connect(server.address, NEVER, &format!("hello\n{}\negg\n", "x".repeat(200_000)));
    assert_error(&output, "a line has at most 65480 bytes");
    assert_eq!(text(&output.stdout), format!("[{TIME}] hello\n[{TIME}] egg\n"));
    let gone = socket();
    let address = gone.local_addr().expect("an address");
    // The port stays taken, so that no other test gets it, and hears one sender only, who is not the client.
    gone.connect("127.0.0.1:9").expect("nothing is sent yet");
    let _taken = cfg!(unix).then_some(gone);
    assert_error(&connect(address, NEVER, "hello\n"), "does the server run?");
}

#[test]
fn a_python_client_talks_to_the_server() {
    let server = serve(&[]);
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    let Some(mut client) = python("time_client.py") else { return };
    let output = talk(client.args([host, port]), "hello\n价格¥9\nexit\n\nnever sent\n");
    assert_printed(&output, &format!("[{TIME}] hello\n[{TIME}] 价格¥9\n[{TIME}] exit\n"));
    assert_serves(&server);
}

#[test]
fn the_client_talks_to_a_python_server() {
    let Some(mut server) = python("time_server.py") else { return };
    let server = Server::start(&mut server);
    let output = connect(server.address, NEVER, "hello\n价格¥9\nexit\n");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let data: Vec<&str> = printed.lines().map(|line| &line[STAMP..]).collect();
    assert_eq!(data, ["hello", "价格¥9", "exit"]);
    assert_eq!(server.last_lines(), ["answered 5", "answered 9", "answered 4"]);
}

#[test]
fn the_time_is_that_of_a_python_server_in_the_same_zone() {
    let Some(mut theirs) = python("time_server.py") else { return };
    if cfg!(windows) {
        lab::testing::skip("TZ means nothing to the clock of Windows");
        return;
    }
    let theirs = Server::start(theirs.env("TZ", "XYZ-5:45"));
    let ours = Server::start(lesson().env("TZ", "XYZ-5:45").args(["serve", "--addr", "127.0.0.1:0"]));
    let socket = socket();
    // Only answers of one second can be compared.
    until("two answers of one server come in the same second", || {
        let before = ask(&socket, &ours, b"now");
        let between = ask(&socket, &theirs, b"now");
        let same = before == ask(&socket, &ours, b"now");
        assert!(!same || text(&before) == text(&between), "{} {}", text(&before), text(&between));
        same
    });
}
