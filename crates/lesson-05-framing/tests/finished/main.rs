//! Remote command, with real processes: what it promises, and what nobody may do to it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::process::Output;
use std::thread;
use std::time::Duration;

use common::framing::{DEFAULT_MAXIMUM, encode, read_frame};
use lab::testing::{Server, everything, raw, text};
use serde_json::json;

mod processes;
mod python;
#[cfg(unix)]
mod unix;

use processes::{connect, connect_lines, lesson, run, serve, talkative};

/// A program that is allowed everywhere.
const HARMLESS: &str = "whoami";

fn request(id: &str, command: &[&str]) -> Vec<u8> {
    encode(json!({ "id": id, "command": command }).to_string().as_bytes(), DEFAULT_MAXIMUM).expect("a short frame")
}

/// One line on standard error, and nothing on standard output.
#[track_caller]
fn assert_error(output: &Output, contains: &str) {
    lab::testing::assert_error(output, contains);
    assert_eq!(text(&output.stdout), "");
}

#[track_caller]
fn assert_serves(server: &Server) {
    let output = run(server, &[HARMLESS]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!output.stdout.is_empty());
}

#[test]
fn listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let output = lesson().args(["serve", "--addr", address]).output().expect("it runs");
        assert_error(&output, "authentication comes in lesson 06");
    }
}

#[test]
fn a_bad_client_is_told_why_and_harms_nobody() {
    let server = serve(&[]);
    let frame = |payload: &str| encode(payload.as_bytes(), DEFAULT_MAXIMUM).expect("a short frame");
    let bad: &[(&[u8], &str)] = &[
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "a frame of 1195725856 bytes, and at most 65536 are allowed"),
        (b"\xff\xff\xff\xff", "a frame of 4294967295 bytes"),
        (b"\0\x01\0\x01", "a frame of 65537 bytes"),
        // A refused frame with a request in its payload: nothing in it is read.
        (&[b"\0\x01\0\x01", &request("inner", &[HARMLESS])[..]].concat(), "a frame of 65537 bytes"),
        (b"\0", "after 1 of 4 bytes"),
        (b"\0\0\0\x05hel", "after 7 of 9 bytes"),
        (&frame(""), "not JSON"),
        (&frame("hello"), "not JSON"),
        (&frame("\u{feff}{}"), "not JSON"),
        (&frame("[]"), "not an object"),
        (&frame(&"[".repeat(60_000)), "not an object"),
        (&frame(&format!(r#"{{"id":{}"#, "[".repeat(60_000))), "not JSON"),
        (&frame("{}"), r#"no \"id\""#),
        (&frame(r#"{"id":"a"}"#), r#"no \"command\""#),
        (&frame(r#"{"id":"a","id":"b","command":["whoami"]}"#), "more than once"),
        (&frame(r#"{"id":"a","command":"whoami"}"#), "a list of strings belongs there"),
        (&frame(r#"{"id":"a","command":["whoami",1]}"#), "a list of strings belongs there"),
        (&frame(r#"{"id":"a","command":[]}"#), "the command is empty"),
        (&frame(r#"{"id":"a","command":["whoami"],"shell":1}"#), "unknown"),
        (&frame(r#"{"id":"","command":["whoami"]}"#), "1 to 64"),
        (&frame(r#"{"id":"a b","command":["whoami"]}"#), "1 to 64"),
        (&frame(r#"{"id":"a","command":["no-such-program"]}"#), "not among the programs"),
        (&frame(r#"{"id":"a","command":["whoami; whoami"]}"#), "not among the programs"),
        (&frame(r#"{"id":"a","command":["./whoami"]}"#), "not among the programs"),
        (&frame(r#"{"id":"n","command":["whoami","\u0000"]}"#), "cannot be started"),
    ];
    for (bytes, why) in bad {
        let mut stream = raw(server.address);
        stream.write_all(bytes).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        let reply = everything(&stream);
        let payload = read_frame(&mut &reply[..], DEFAULT_MAXIMUM).ok().flatten();
        let payload = payload.unwrap_or_else(|| panic!("no frame: {reply:?}"));
        assert_eq!(reply.len(), payload.len() + 4);
        let payload = text(&payload);
        assert!(payload.contains(r#""error":"#) && payload.contains(why), "{why}: {payload}");
    }
    assert_serves(&server);
}

#[test]
fn a_client_that_resets_or_just_leaves_harms_nobody() {
    let server = serve(&[]);
    let whole = request("a", &[HARMLESS]);
    for cut in [0, 2, 4, 10, whole.len()] {
        for reset in [false, true] {
            let mut stream = raw(server.address);
            stream.write_all(&whole[..cut]).expect("it is taken");
            if reset {
                // A close is a reset then (socket(7)).
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("an option");
            }
            drop(stream);
        }
    }
    assert_serves(&server);
}

#[test]
fn a_request_that_is_cut_off_at_any_byte_is_not_run() {
    let server = serve(&[]);
    let whole = request("cut", &[HARMLESS]);
    for cut in 0..=whole.len() {
        let mut stream = raw(server.address);
        stream.write_all(&whole[..cut]).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        let reply = text(&everything(&stream));
        match cut {
            0 => assert_eq!(reply, ""),
            cut if cut < whole.len() => {
                assert!(reply.contains(&format!("the stream ended inside a frame, after {cut} of ")), "{cut}: {reply}");
            }
            _ => assert!(reply.contains(r#"{"id":"cut","status":0"#), "{reply}"),
        }
    }
}

#[test]
fn a_silent_client_is_not_waited_for() {
    let server = serve(&["--patience", "0.3"]);
    let silent = raw(server.address);
    let mut slow = raw(server.address);
    slow.write_all(b"\0\0").expect("it is taken");
    assert_serves(&server);
    assert!(everything(&silent).is_empty());
    assert!(text(&everything(&slow)).contains("the request was not whole within 300ms"));
}

#[test]
fn a_bad_request_in_a_whole_frame_does_not_cost_the_connection() {
    let server = serve(&[]);
    let mut stream = raw(server.address);
    stream.write_all(&encode(b"{}", 2).expect("short")).expect("it is taken");
    assert!(text(&read_frame(&mut stream, DEFAULT_MAXIMUM).expect("a reply").expect("no end")).contains("error"));
    stream.write_all(&request("b", &[HARMLESS])).expect("it is taken");
    assert!(
        text(&read_frame(&mut stream, DEFAULT_MAXIMUM).expect("a reply").expect("no end")).contains(r#""status":0"#)
    );
}

#[test]
fn two_requests_in_one_write_are_two_requests() {
    let server = serve(&[]);
    let mut stream = raw(server.address);
    stream.write_all(&[request("a", &[HARMLESS]), request("b", &["forbidden"])].concat()).expect("it is taken");
    stream.shutdown(Shutdown::Write).expect("a half-close");
    let replies = text(&everything(&stream));
    let (a, b) = (replies.find(r#"{"id":"a","status":0"#), replies.find(r#""id":"b"}"#));
    assert!(a.is_some() && a < b, "{replies}");
}

/// Answers each connection with the next of these, resets or closes it, and says how many there were.
fn fake(answers: Vec<Vec<u8>>) -> (SocketAddr, thread::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let served = thread::spawn(move || {
        let mut count = 0;
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { break };
            let _ = read_frame(&mut stream, DEFAULT_MAXIMUM);
            let _ = stream.write_all(&answer);
            count += 1;
        }
        count
    });
    (address, served)
}

#[test]
fn garbage_from_a_server_is_a_one_line_error() {
    let frame = |payload: &str| encode(payload.as_bytes(), DEFAULT_MAXIMUM).expect("a short frame");
    let garbage: &[(&[u8], &str)] = &[
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no server of remote command: a frame of 1213486160 bytes"),
        (b"\xff\xff\xff\xff", "no server of remote command: a frame of 4294967295 bytes"),
        (&frame("hello"), "not JSON"),
        (&frame("{}"), r#"no "status""#),
        (&frame(r#"{"id":"x-1","status":0,"stdout_size":-1,"stderr_size":0}"#), "a size is a whole number"),
        (&frame(r#"{"id":"x-1","status":0,"stdout_size":1e3,"stderr_size":0}"#), "a size is a whole number"),
        (&frame(r#"{"id":"x-1","status":0,"stdout_size":"3","stderr_size":0}"#), "a number belongs there"),
        (&frame(r#"{"id":"x-1","status":0,"stdout_size":268435457,"stderr_size":0}"#), "at most 268435456"),
        (&frame(r#"{"id":"x-1","status":4294967296,"stdout_size":0,"stderr_size":0}"#), "whole number"),
        (&frame(r#"{"id":"x-1","status":0,"stdout_size":0,"stderr_size":0,"more":1}"#), "unknown"),
        (&frame(r#"{"id":"other","status":0,"stdout_size":0,"stderr_size":0}"#), "another request"),
        (&frame(r#"{"error":"not today"}"#), "the server says: not today"),
    ];
    for (bytes, why) in garbage {
        let (address, served) = fake(vec![bytes.to_vec()]);
        assert_error(&connect(address, &["--id", "x"], &["whoami"]), why);
        assert_eq!(served.join().expect("the fake server"), 1);
    }
}

#[test]
fn a_server_that_breaks_twice_is_an_error_and_not_asked_a_third_time() {
    for start in [&b""[..], b"\0\0", b"\0\0\0\x09{\"id\""] {
        let (address, served) = fake(vec![start.to_vec(), start.to_vec()]);
        let output = connect(address, &[], &["whoami"]);
        assert_eq!(served.join().expect("the fake server"), 2);
        let complaint = text(&output.stderr);
        let lines: Vec<&str> = complaint.lines().collect();
        assert!(lines.len() == 2 && lines[1].contains("broke twice"), "{complaint}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let output = connect(address, &["--silence", "0.3"], &["whoami"]);
    assert_error(&output, "within 300ms");
}

#[test]
fn no_server_is_an_error_that_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    assert_error(&connect(address, &[], &["whoami"]), "start the server, in another terminal: cargo run");
}

#[test]
fn the_second_reply_must_be_the_first_one() {
    let first = encode(br#"{"id":"x-1","status":0,"stdout_size":3,"stderr_size":0}"#, 100).expect("short");
    let other = encode(br#"{"id":"x-1","status":1,"stdout_size":0,"stderr_size":0}"#, 100).expect("short");
    let (address, served) = fake(vec![[&first[..], b"a"].concat(), other]);
    let output = connect(address, &["--id", "x"], &["whoami"]);
    assert_eq!(served.join().expect("the fake server"), 2);
    assert!(text(&output.stderr).contains("the second reply is not the first one"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_client_skips_the_signs_of_life() {
    let reply = encode(br#"{"id":"x-1","status":5,"stdout_size":3,"stderr_size":2}"#, 100).expect("short");
    let (address, _) = fake(vec![[&[0; 12][..], &reply, b"outer"].concat()]);
    let output = connect(address, &["--id", "x"], &["whoami"]);
    assert_eq!((output.status.code(), &output.stdout[..], &output.stderr[..]), (Some(5), &b"out"[..], &b"er"[..]));
}

#[test]
fn a_connection_that_was_idle_too_long_is_made_again() {
    let server = serve(&["--patience", "0.3"]);
    let (child, mut stdin) = talkative(&[], server.address);
    for _ in 0..2 {
        writeln!(stdin, "{HARMLESS}").expect("the client takes its input");
        server.says("closed: no request within 300ms");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("the client ends");
    assert_eq!((text(&output.stdout).lines().count(), text(&output.stderr)), (2, String::new()));
}

#[test]
fn who_always_asks_is_not_served_for_ever() {
    let server = serve(&["--session", "0.2"]);
    let mut stream = raw(server.address);
    let mut number = 0;
    // Each request gets its reply, one frame, until there is the end.
    while stream.write_all(&request(&number.to_string(), &["forbidden"])).is_ok()
        && matches!(read_frame(&mut stream, DEFAULT_MAXIMUM), Ok(Some(_)))
    {
        number += 1;
    }
    assert!(number > 0);
    server.says("ended: its 200ms are over");
    assert_serves(&server);
}

/// The mended program of `split-header` and `common` speak the same bytes: frames that `common` made come back as they
/// were, whatever their size.
#[test]
fn the_cure_by_hand_understands_common() {
    let server = serve(&["split-header"]);
    let mut stream = raw(server.address);
    for size in [0, 1, 5, 255, 256, 65_535, 65_536] {
        let frame = encode(&vec![b'x'; size], DEFAULT_MAXIMUM).expect("a frame");
        stream.write_all(&frame).expect("it is taken");
        let mut back = vec![0; frame.len()];
        stream.read_exact(&mut back).expect("it comes back");
        assert!(back == frame, "{size} bytes of payload");
    }
}

/// And the other way round: what the program by hand sends is what `common` would send.
#[test]
fn common_understands_the_cure_by_hand() {
    let lines = ["hello".to_string(), String::new(), "价格".to_string(), "x".repeat(65_536)];
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = lines.len();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut frames = Vec::new();
        for _ in 0..count {
            let payload = read_frame(&mut stream, DEFAULT_MAXIMUM).expect("a frame").expect("no end");
            let frame = encode(&payload, DEFAULT_MAXIMUM).expect("a frame");
            stream.write_all(&frame).expect("the client reads");
            frames.push(payload);
        }
        (frames, everything(&stream))
    });
    let output = connect_lines(&["split-header"], address, &(lines.join("\n") + "\n"));
    let (frames, rest) = server.join().expect("the server");
    assert!(frames.iter().map(|frame| text(frame)).eq(lines.iter().cloned()));
    assert!(rest.is_empty());
    assert_eq!(text(&output.stdout), lines.join("\n") + "\n");
}

#[cfg(not(unix))]
#[test]
fn the_other_tests() {
    lab::testing::skip("the other tests run `cat`, `sh`, `echo`, which are no programs of their own on this system");
}
