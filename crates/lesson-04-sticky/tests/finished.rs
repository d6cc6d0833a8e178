//! The finished program with real processes, and Python on the other end of it and of the programs with the older wire.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::thread;

use lab::testing::{PATIENCE, Server, assert_error, assert_printed, everything, python, raw, talk, text};

fn lesson() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lesson-04-sticky"))
}

fn serve(arguments: &[&str]) -> Server {
    Server::start(lesson().arg("serve").args(arguments).args(["--addr", "127.0.0.1:0"]))
}

/// What the next reads gave, until they are all of this text: how many there are is a matter of timing.
#[track_caller]
fn assert_prints_in_pieces(server: &Server, text: &str) {
    let mut got = String::new();
    while got != text {
        let line = server.line();
        let piece = line.strip_prefix("-----> ").unwrap_or_else(|| panic!("no message: {line}"));
        got += piece;
        assert!(text.starts_with(&got) && !piece.is_empty(), "{got}");
    }
}

/// What the server answers to these bytes and the end of the stream.
fn answers(server: &Server, bytes: &[u8]) -> String {
    let mut stream = raw(server.address);
    stream.write_all(bytes).expect("they are taken");
    stream.shutdown(Shutdown::Write).expect("a half-close");
    text(&everything(&stream))
}

#[track_caller]
fn assert_serves(server: &Server) {
    let output = talk(lesson().args(["connect", "--addr", &server.address.to_string()]), "here");
    assert_printed(&output, "-----> here\n");
}

#[test]
fn listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = lesson().args(["serve", "--addr", address]).output().expect("it runs");
        assert_error(&output, "can be reached by other machines");
    }
}

#[test]
fn the_bytes_are_those_of_the_documentation() {
    let server = serve(&[]);
    assert_eq!(answers(&server, b"hello\n\n egg \n"), "-----> hello\n-----> \n----->  egg \n");
    assert_eq!(answers(&server, b""), "");
    assert_eq!(answers(&server, &[b'\n'; 50_000]).len(), 8 * 50_000);
    let mut stream = raw(server.address);
    stream.write_all(b"\xff\0\r\x1b\n").expect("they are taken");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"-----> \xff\0\r\x1b\n");
}

#[test]
fn a_bad_client_is_told_why_and_harms_nobody() {
    let server = serve(&["--limit", "10"]);
    assert_eq!(answers(&server, b"ten bytes.\nx\n"), "-----> ten bytes.\n-----> x\n");
    assert_eq!(answers(&server, b"eleven byte\nx\n"), "error: a message is longer than 10 bytes\n");
    assert_eq!(answers(&server, b"x\neleven byte"), "-----> x\nerror: a message is longer than 10 bytes\n");
    assert_eq!(answers(&server, &[b'x'; 300_000]), "error: a message is longer than 10 bytes\n");
    let cut = "error: the stream ended inside a message, after 8 bytes; a newline has to end it\n";
    assert_eq!(answers(&server, b"helloegg"), cut);
    assert_serves(&server);
}

#[test]
fn many_clients_are_served_at_the_same_time() {
    let server = serve(&[]);
    let silent: Vec<TcpStream> = (0..40).map(|_| raw(server.address)).collect();
    assert_serves(&server);
    for (number, mut stream) in silent.iter().enumerate() {
        stream.write_all(format!("message {number}\n").as_bytes()).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
    }
    for (number, stream) in silent.iter().enumerate() {
        assert_eq!(text(&everything(stream)), format!("-----> message {number}\n"));
    }
}

#[test]
fn a_client_beyond_the_last_place_waits_for_one() {
    let server = serve(&[]);
    let mut silent: Vec<TcpStream> = (0..64).map(|_| raw(server.address)).collect();
    let mut waits = raw(server.address);
    waits.write_all(b"hello\n").expect("it is taken");
    waits.shutdown(Shutdown::Write).expect("a half-close");
    silent.pop();
    assert_eq!(text(&everything(&waits)), "-----> hello\n");
}

#[test]
fn a_silent_or_slow_client_is_not_waited_for() {
    let server = serve(&["--idle", "1", "--deadline", "1"]);
    let silent = raw(server.address);
    let mut slow = raw(server.address);
    slow.write_all(b"whole\nhal").expect("it is taken");
    assert_eq!(text(&everything(&silent)), "error: nothing came within 1 second\n");
    assert_eq!(text(&everything(&slow)), "-----> whole\nerror: a message was not whole within 1 second\n");
    assert_serves(&server);
}

#[test]
fn more_than_all_buffers_hold_comes_back_whole() {
    let server = serve(&[]);
    let filling = "x".repeat(1000);
    let input: String = (0..16_000).map(|number| format!("message {number} {filling}\n")).collect();
    let output = talk(lesson().args(["connect", "--addr", &server.address.to_string()]), &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let wanted: String = input.lines().map(|line| format!("-----> {line}\n")).collect();
    assert!(text(&output.stdout) == wanted, "the answers are not the messages");
}

#[test]
fn the_client_says_what_a_bad_server_did() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let connect = |answer: &'static [u8]| {
        let serve = |listener: &TcpListener| {
            let (mut stream, _) = listener.accept().expect("a client");
            stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            assert_eq!(text(&everything(&stream)), "hello\negg\n");
            stream.write_all(answer).expect("it is taken");
        };
        thread::scope(|scope| {
            scope.spawn(|| serve(&listener));
            talk(lesson().args(["connect", "--addr", &address]), "hello\negg")
        })
    };
    assert_error(&connect(b"-----> helloegg\n"), r#""hello" was sent, "helloegg" was understood"#);
    assert_error(&connect(b"-----> hello\n"), "1 message went without an answer");
    assert_error(&connect(b"-----> hello\n---"), "an answer is not whole");
    assert_error(&connect(b"HTTP/1.1 400\r\n"), "no answer of this server");
    assert_error(&connect(b"error: the reason\n"), "the server says: the reason");
    assert_error(&connect(b"-----> hello\n-----> egg\n-----> more\n"), r#""more" was acknowledged, and not sent"#);
    drop(listener);
    assert_error(
        &talk(lesson().args(["connect", "--addr", &address]), ""),
        "start the server, in another terminal: cargo run",
    );
}

#[test]
fn the_client_does_not_wait_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let output = talk(lesson().args(["connect", "--silence", "1", "--addr", &address]), "hello");
    assert_error(&output, "a message was not acknowledged within 1 second");
}

/// A Python client of this server.
fn python_talks(server: &Server, program: &str, input: &str) -> Option<Output> {
    let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
    let output = talk(python(program)?.args([host, port]), input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(output)
}

#[test]
fn a_python_client_that_ends_no_message_talks_to_the_broken_servers() {
    let joined = serve(&["joined", "--broken"]);
    for _ in 0..2 {
        if python_talks(&joined, "bare_client.py", "hello\negg\n").is_none() {
            return;
        }
        assert_prints_in_pieces(&joined, "helloegg");
    }
    if !cfg!(target_os = "linux") {
        lab::testing::skip("elsewhere the reset that answers the acknowledgement may take unread bytes with it");
        return;
    }
    let divided = serve(&["divided", "--broken"]);
    python_talks(&divided, "bare_client.py", "hello egg\n");
    assert_eq!((divided.line(), divided.line()), ("-----> he".to_string(), "-----> llo egg".to_string()));
}

#[test]
fn the_broken_clients_talk_to_a_python_server_that_answers_nothing() {
    for experiment in ["joined", "divided"] {
        let Some(mut server) = python("bare_server.py") else { return };
        let server = Server::start(&mut server);
        let connect = ["connect", experiment, "--broken", "--addr", &server.address.to_string()];
        let output = talk(lesson().args(connect), "hello\negg\n");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_prints_in_pieces(&server, "helloegg");
    }
}

#[test]
fn a_python_client_that_ends_no_message_is_told_so_by_the_finished_server() {
    let server = serve(&[]);
    if python_talks(&server, "bare_client.py", "hello\negg\n").is_some() {
        let line = server.line();
        assert!(
            line.ends_with(
                "closed after 0 messages: the stream ended inside a message, after 8 bytes; a newline \
                                has to end it"
            ),
            "{line}"
        );
    }
    assert_serves(&server);
}

#[test]
fn python_clients_that_send_lines_talk_to_all_servers_that_read_lines() {
    for arguments in [&[][..], &["joined"], &["divided"], &["nodelay-myth"], &["sleep-myth"], &["bigger-buffer-myth"]] {
        let server = serve(arguments);
        if let Some(output) = python_talks(&server, "line_client.py", "hello\n价格¥9\n\negg\n") {
            assert_printed(&output, "-----> hello\n-----> 价格¥9\n-----> \n-----> egg\n");
        }
    }
}

#[test]
fn the_clients_that_send_lines_talk_to_a_python_server() {
    for connect in [&[][..], &["joined"], &["divided"], &["nodelay-myth"], &["sleep-myth"], &["bigger-buffer-myth"]] {
        let Some(mut server) = python("line_server.py") else { return };
        let server = Server::start(&mut server);
        let mut client = lesson();
        client.arg("connect").args(connect).args(["--addr", &server.address.to_string()]);
        let output = talk(&mut client, "hello\n价格¥9\n\negg\n");
        assert_printed(&output, "-----> hello\n-----> 价格¥9\n-----> \n-----> egg\n");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn when_descriptors_run_out_the_server_waits_and_then_serves_again() {
    let Some(server) =
        lab::testing::after_a_shortage(env!("CARGO_BIN_EXE_lesson-04-sticky"), &["serve", "--addr", "127.0.0.1:0"], 6)
    else {
        return;
    };
    let stream = raw(server.address);
    (&stream).write_all(b"hello\n").expect("it is served");
    stream.shutdown(std::net::Shutdown::Write).expect("an end");
    assert!(text(&everything(&stream)).contains("hello"));
}

#[test]
fn a_server_that_sends_a_byte_now_and_then_does_not_keep_the_client() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client");
        // Until the client has gone.
        while stream.write_all(b"x").is_ok() {
            std::thread::park_timeout(std::time::Duration::from_millis(100));
        }
    });
    let mut client = std::process::Command::new(env!("CARGO_BIN_EXE_lesson-04-sticky"));
    client.args(["connect", "--addr", &address, "--silence", "1"]);
    assert_error(&talk(&mut client, "hello\n"), "a message was not acknowledged within 1 second");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-04-sticky"),
        arguments: &["serve"],
        first_words: b"hello\n",
        is_served: &|address| {
            let mut stream = raw(address);
            stream.write_all(b"hello\n").expect("it is taken");
            stream.shutdown(std::net::Shutdown::Write).expect("it is there");
            assert_eq!(everything(&stream), b"-----> hello\n");
        },
        many: 4000,
        needs_threads: true,
    });
}

#[test]
fn a_server_that_does_not_end_the_connection_is_given_up() {
    for drips in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        // It ends with the test, or when the client has gone and a byte more is refused.
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("the client");
            stream.read_exact(&mut [0; 6]).expect("a message");
            stream.write_all(b"-----> hello\n").expect("it is taken");
            while !drips || stream.write_all(b"-").is_ok() {
                thread::park_timeout(std::time::Duration::from_millis(100));
            }
        });
        let output = talk(lesson().args(["connect", "--silence", "1", "--addr", &address]), "hello\n");
        assert_eq!(text(&output.stdout), "-----> hello\n");
        assert!(text(&output.stderr).contains("the end of the connection did not come within 1 second"));
        assert_eq!(output.status.code(), Some(1));
    }
}
