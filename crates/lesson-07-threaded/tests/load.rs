//! The load tool with real servers: what it counts must be what was there.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;

use lab::testing::{assert_error, text};
#[cfg(target_os = "linux")]
use lab::{
    kernel::{self, State},
    testing::Server,
};
use serde_json::{Value, json};

const GREETING: &str = "我是多线程"; // I am multi-threaded
const ZERO: &str = "您输入的是0"; // you have entered 0
const AGAIN: &str = "请重新输入."; // enter again

/// Handing a connection to another process works on Unix only.
const FORMS: &[&str] =
    if cfg!(unix) { &["serial", "threads", "pool", "processes"] } else { &["serial", "threads", "pool"] };

fn load(options: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-07-threaded"));
    command.arg("load").args(options.split_whitespace()).stdin(Stdio::null()).output().expect("it runs")
}

/// The figures of every server.
#[track_caller]
fn figures(output: &Output) -> Vec<Value> {
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    read.as_array().expect("a list").clone()
}

/// A server that serves every client with the same function.
fn server(serve: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a client");
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Answers so many commands rightly, and every further one with something else.
fn right_at_first(mut stream: TcpStream, right: usize) {
    stream.write_all(GREETING.as_bytes()).expect("written");
    let mut answers = 0;
    loop {
        let mut command = [0];
        if stream.read_exact(&mut command).is_err() || command == *b"e" {
            return;
        }
        let answer = if answers < right { ZERO } else { AGAIN };
        answers += 1;
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn every_form_answers_every_request() {
    let folder = std::env::temp_dir().join(format!("load-test-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let picture = folder.join("load.svg");
    let output = load(&format!("--clients 7 --requests 100 --rounds 2 --json --svg {}", picture.display()));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let figures = figures(&output);
    assert_eq!(figures.iter().map(|server| &server["server"]).collect::<Vec<_>>(), FORMS);
    for server in &figures {
        assert_eq!((&server["requests"], &server["errors"]), (&json!(200), &json!(0)), "{server}");
        assert_eq!(server["rounds"].as_array().map(Vec::len), Some(2));
        let [p50, p999, max] = ["p50", "p99.9", "max"].map(|name| server["latency_ns"][name].as_u64().expect("a time"));
        assert!(0 < p50 && p50 <= p999 && p999 <= max, "{server}");
    }
    let drawn = fs::read_to_string(&picture).expect("the picture is there");
    fs::remove_dir_all(&folder).expect("the folder can go");
    let document = roxmltree::Document::parse(&drawn).expect("the picture is XML");
    let texts: Vec<&str> =
        document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).map(str::trim).collect();
    let bars =
        document.descendants().filter(|node| node.has_tag_name("rect")).filter_map(|node| node.attribute("fill"));
    for form in FORMS {
        // In the legend and under its bar.
        assert_eq!(texts.iter().filter(|text| *text == form).count(), 2, "{form}: {drawn}");
    }
    let colours: BTreeSet<&str> = bars.filter(|colour| !["none", "#FFFFFF"].contains(colour)).collect();
    assert_eq!(colours.len(), FORMS.len(), "{drawn}");
}

#[test]
fn more_clients_wait_for_the_serial_form_than_the_queue_of_std_holds() {
    let output = load("--form serial --clients 300 --requests 300 --json");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(figures(&output)[0]["requests"], json!(300));
}

#[test]
#[cfg(target_os = "linux")]
fn the_queue_of_the_server_is_as_long_as_the_system_allows() {
    let allowed = fs::read_to_string("/proc/sys/net/core/somaxconn").expect("a number").trim().parse().expect("one");
    let server =
        Server::start(Command::new(env!("CARGO_BIN_EXE_lesson-07-threaded")).args(["serve", "--addr", "127.0.0.1:0"]));
    let Some(sockets) = kernel::tcp_sockets(&[server.address.port()]) else {
        lab::testing::skip("this system does not show its sockets");
        return;
    };
    let listener = sockets.iter().find(|socket| socket.state == State::Listen).expect("it listens");
    assert_eq!(listener.unacknowledged, 4096.min(allowed));
}

#[test]
fn a_table_in_a_pipe_is_plain_text() {
    let output = load("--form threads --clients 2 --requests 10");
    let table = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(!table.contains(['\u{1b}', '\r']), "{table}");
    for row in ["clients", "requests", "errors", "requests/s", "latency p50", "latency max", "greeting max"] {
        assert!(table.lines().any(|line| line.starts_with(row)), "{row}: {table}");
    }
    assert!(table.contains("Closed loop"), "{table}");
}

#[test]
fn with_lines_a_newline_ends_each_command() {
    let output = load("--lines --clients 3 --requests 30 --json");
    assert!(output.status.success(), "{}", text(&output.stderr));
    for server in &figures(&output) {
        assert_eq!((&server["requests"], &server["errors"]), (&json!(30), &json!(0)), "{server}");
    }
    // A server of lines: what is not ended is not answered.
    let address = server(|stream| {
        (&stream).write_all(GREETING.as_bytes()).expect("written");
        for line in BufReader::new(&stream).split(b'\n') {
            match line.as_deref() {
                Ok(b"0") => (&stream).write_all(ZERO.as_bytes()).expect("written"),
                Ok(b"exit") => return,
                other => panic!("{other:?}"),
            }
        }
    });
    let output = load(&format!("--lines --addr {address} --clients 2 --requests 4 --json"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(figures(&output)[0]["requests"], json!(4));
}

#[test]
fn the_help_says_which_commands_are_sent() {
    let help = load("--help");
    assert!(text(&help.stdout).contains("bare words 0 and exit") && text(&help.stdout).contains("--lines"));
}

#[test]
fn wrong_answers_are_errors_and_not_answers() {
    let address = server(|stream| right_at_first(stream, 5));
    let output = load(&format!("--addr {address} --clients 2 --requests 20 --json"));
    assert_error(&output, "2 clients did not get all their answers");
    let figures = figures(&output);
    assert_eq!((&figures[0]["requests"], &figures[0]["errors"]), (&json!(10), &json!(2)), "{figures:?}");
    assert_eq!(figures[0]["reasons"], json!({ format!("instead of an answer came \"{AGAIN}\""): 2 }));
}

#[test]
fn a_greeting_of_another_server_is_quoted() {
    let address = server(|mut stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n").expect("written"));
    let output = load(&format!("--addr {address} --clients 1 --requests 1"));
    assert_error(&output, "1 client did not get all its answers");
    let table = text(&output.stdout);
    assert!(table.contains("instead of the greeting came \"HTTP/1.1 400 Bad Request\\r\\n\""), "{table}");
}

#[test]
fn an_end_in_the_middle_is_an_error() {
    let address = server(|mut stream| stream.write_all(&GREETING.as_bytes()[..7]).expect("written"));
    let output = load(&format!("--addr {address} --clients 3 --requests 3 --json"));
    let figures = figures(&output);
    assert_eq!(figures[0]["reasons"], json!({ "the server closed the connection before the greeting": 3 }));
    assert_eq!(figures[0]["latency_ns"]["p50"], Value::Null);
}

#[test]
fn a_server_that_says_nothing_cannot_keep_the_clients() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let output = load(&format!("--addr {address} --clients 2 --requests 2 --deadline 1 --json"));
    assert_error(&output, "2 clients did not get all their answers");
    let figures = figures(&output);
    let reasons = figures[0]["reasons"].as_object().expect("reasons");
    // On a very busy machine a second may be over before the connect.
    assert!(reasons.keys().all(|reason| reason.starts_with("the deadline passed before ")), "{reasons:?}");
    assert_eq!(figures[0]["errors"], json!(2));
}

#[test]
fn mistakes_are_one_line_each() {
    // Bound, and not listening: nobody else can be there.
    let nobody = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    nobody.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
    let address = nobody.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    assert_error(&load(&format!("--addr {address}")), &format!("nobody listens on {address}: start a server"));
    assert_error(&load("--svg no-such-folder/load.svg"), "cannot write the picture to no-such-folder");
    let output = load("--clients 10 --requests 9");
    let complaint = text(&output.stderr);
    assert_eq!((output.status.code(), complaint.lines().count()), (Some(2), 1), "{complaint}");
    assert!(complaint.contains("--requests 10 or more"), "{complaint}");
    for options in ["--form fast", "--clients 0", "--addr localhost", "--form serial --addr 127.0.0.1:1"] {
        let output = load(options);
        assert_eq!(output.status.code(), Some(2), "{options}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}
