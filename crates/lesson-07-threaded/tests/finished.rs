//! The menu, with real processes: its bytes in every form, what a bad peer may not do to it, and what its client says.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use lab::testing::{Server, assert_error, assert_printed, drip, everything, nothing_yet, python, raw, talk, text};

const GREETING: &str = "我是多线程";
const ZERO: &str = "您输入的是0";
const AGAIN: &str = "请重新输入.";
const FULL: &str = "server full, try again later\n";

/// The forms that serve several clients at the same time.
const CONCURRENT: &[&str] = if cfg!(unix) { &["threads", "pool", "processes"] } else { &["threads", "pool"] };

fn all_forms() -> impl Iterator<Item = &'static str> {
    ["serial"].into_iter().chain(CONCURRENT.iter().copied())
}

fn lesson(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-07-threaded"));
    command.args(words);
    command
}

fn serve(form: &str, arguments: &[&str]) -> Server {
    Server::start(lesson(&["serve", "--addr", "127.0.0.1:0", "--form", form]).args(arguments))
}

fn connect(address: SocketAddr) -> Command {
    lesson(&["connect", "--addr", &address.to_string()])
}

/// A client of the test's own that has been greeted.
#[track_caller]
fn greeted(address: SocketAddr) -> TcpStream {
    let stream = raw(address);
    assert_eq!(next::<{ GREETING.len() }>(&stream), GREETING);
    stream
}

#[track_caller]
fn next<const LENGTH: usize>(mut stream: &TcpStream) -> String {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).expect("so many bytes");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn send(mut stream: &TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("it is taken");
}

#[track_caller]
fn ask(stream: &TcpStream, command: &[u8]) -> String {
    send(stream, command);
    next::<16>(stream)
}

#[track_caller]
fn assert_serves(server: &Server) {
    assert_eq!(ask(&greeted(server.address), b"0"), ZERO);
}

#[cfg(unix)]
fn signal(server: &Server, signal: &str) {
    let told = Command::new("kill").args([signal, &server.process().to_string()]).status();
    assert!(told.expect("kill runs").success());
}

#[test]
fn every_form_says_the_same_bytes() {
    for form in all_forms() {
        let server = serve(form, &[]);
        let stream = greeted(server.address);
        for (command, answer) in [
            (&b"0"[..], ZERO),
            (b"00", AGAIN),
            (b"0\n", ZERO),
            (b"\n", AGAIN),
            (b"0\r\n", ZERO),
            (&[0xff; 1024], AGAIN),
        ] {
            assert_eq!(ask(&stream, command), answer, "{form}");
        }
        send(&stream, b"exit");
        assert_eq!(everything(&stream), b"", "{form}");
        drop(stream);
        let line = server.line();
        assert!(line.starts_with("127.0.0.1:") && line.ends_with(" had 6 commands answered, ended by exit"), "{line}");
        let output = talk(&mut connect(server.address), "0\n\nx\r\nexit\nnever sent\n");
        assert_printed(&output, &format!("{GREETING}\n{ZERO}\n{AGAIN}\n{AGAIN}\n"));
        server.says("had 3 commands answered, ended by exit");
        assert_printed(&talk(&mut connect(server.address), "0\n"), &format!("{GREETING}\n{ZERO}\n"));
        server.says("had 1 command answered, ended by the client");
    }
}

#[test]
fn a_python_client_and_every_form() {
    for form in all_forms() {
        let Some(mut client) = python("menu_client.py") else { return };
        let server = serve(form, &[]);
        client.arg(server.address.ip().to_string()).arg(server.address.port().to_string());
        assert_printed(&talk(&mut client, "0\n1\nexit\n"), &format!("{GREETING}\n{ZERO}\n{AGAIN}\nthe end\n"));
    }
}

#[test]
fn the_client_and_a_python_server() {
    let Some(mut server) = python("menu_server.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(&mut connect(server.address), "0\n1\n"), &format!("{GREETING}\n{ZERO}\n{AGAIN}\n"));
}

const NOT_SENT: &str =
    "an empty line is not sent: without a newline it has no bytes, and the server would not answer\n";

#[test]
fn a_bare_client_and_a_python_server_that_takes_one_read_as_a_command() {
    let Some(mut server) = python("menu_bare_server.py") else { return };
    let server = Server::start(&mut server);
    for (input, ending) in [("0\n\n1\r\n0", "the end of the input"), ("0\n\r\n1\n0\nexit\n0\n", "exit")] {
        let output = talk(connect(server.address).arg("--bare"), input);
        assert_eq!(text(&output.stdout), format!("{GREETING}\n{ZERO}\n{AGAIN}\n{ZERO}\n"), "{ending}");
        assert_eq!(text(&output.stderr), NOT_SENT, "{ending}");
        assert!(output.status.success(), "{ending}");
        for piece in ["b'0'", "b'1'", "b'0'", "b'exit'"] {
            assert_eq!(server.line(), piece, "{ending}");
        }
    }
    // Without it, each command is another one there, and the end of the stream, too.
    let output = talk(&mut connect(server.address), "0\n");
    assert_error(&output, "sent more than it was asked");
    assert_eq!(text(&output.stdout), format!("{GREETING}\n{AGAIN}\n"));
    assert_eq!([server.line(), server.line()], ["b'0\\n'", "b''"]);
}

#[test]
fn a_bare_client_and_every_form() {
    for form in all_forms() {
        let server = serve(form, &[]);
        let output = talk(connect(server.address).arg("--bare"), "0\n\n1\n");
        assert_eq!(text(&output.stdout), format!("{GREETING}\n{ZERO}\n{AGAIN}\n"), "{form}");
        assert_eq!(text(&output.stderr), NOT_SENT, "{form}");
        assert!(output.status.success(), "{form}");
        server.says("had 2 commands answered, ended by exit");
    }
}

#[test]
fn who_has_ended_is_answered_once_and_not_flooded() {
    for form in all_forms() {
        let server = serve(form, &[]);
        let stream = greeted(server.address);
        send(&stream, b"0");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        assert_eq!(everything(&stream), ZERO.as_bytes(), "{form}");
        server.says("had 1 command answered, ended by the client");
    }
}

#[test]
fn with_lines_a_command_may_be_cut_anywhere() {
    for form in all_forms() {
        let server = serve(form, &["--lines"]);
        let stream = greeted(server.address);
        stream.set_nodelay(true).expect("an option");
        for byte in b"0\n00\r\n0\nex" {
            send(&stream, &[*byte]);
        }
        assert_eq!([next::<16>(&stream), next::<16>(&stream), next::<16>(&stream)], [ZERO, AGAIN, ZERO], "{form}");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        assert_eq!(everything(&stream), b"", "{form}");
        server.says("had 3 commands answered, ended by the client in the middle of a line");
        let stream = greeted(server.address);
        send(&stream, b"exit\n");
        assert_eq!(everything(&stream), b"", "{form}");
    }
}

#[test]
fn a_bad_client_harms_nobody() {
    for form in all_forms() {
        let server = serve(form, &["--lines"]);
        // Resets, before and after the greeting: a close is one then (socket(7)).
        for greet in [false, true] {
            let stream = if greet { greeted(server.address) } else { raw(server.address) };
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("an option");
            drop(stream);
            server.says("had 0 commands answered, broken: ");
        }
        let stream = greeted(server.address);
        assert_eq!(ask(&stream, &[&[0xff; 300][..], b"\n"].concat()), AGAIN, "{form}");
        // What has no end is refused, in words, and these are not destroyed by what was not read.
        send(&stream, &[b'x'; 100_000]);
        assert_eq!(everything(&stream), b"a command has at most 1024 bytes\n", "{form}");
        drop(stream);
        server.says("had 1 command answered, closed: a command of more than 1024 bytes");
        assert_eq!(ask(&greeted(server.address), b"0\n"), ZERO, "{form}");
    }
}

#[test]
fn over_its_cap_a_client_is_refused_in_words() {
    for form in CONCURRENT {
        let server = serve(form, &["--clients", "2"]);
        let clients = [greeted(server.address), greeted(server.address)];
        let refused = raw(server.address);
        // What it sent is thrown away, and does not make its end a reset.
        send(&refused, b"0");
        assert_eq!(everything(&refused), FULL.as_bytes(), "{form}");
        server.says("was refused: there are 2 clients already");
        assert_error(
            &talk(&mut connect(server.address), "0\n"),
            "does not answer and says: server full, try again later",
        );
        server.says("was refused: there are 2 clients already");
        let [leaving, staying] = clients;
        send(&leaving, b"exit");
        drop(leaving);
        server.says("ended by exit");
        assert_serves(&server);
        assert_eq!(ask(&staying, b"0"), ZERO, "{form}");
    }
}

#[test]
fn a_client_that_says_nothing_is_given_up() {
    for form in all_forms() {
        let server = serve(form, &["--idle", "0.2"]);
        let stream = greeted(server.address);
        assert_eq!(everything(&stream), b"", "{form}");
        drop(stream);
        server.says("had 0 commands answered, closed: no command for 200ms");
    }
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_is_given_up_too() {
    for form in all_forms() {
        // Half a line is no command.
        let server = serve(form, &["--lines", "--idle", "0.2"]);
        trickle(&greeted(server.address));
        server.says("had 0 commands answered, closed: no command for 200ms");
        // And commands do not prolong a session.
        let server = serve(form, &["--session", "0.2"]);
        trickle(&greeted(server.address));
        let line = server.says("closed: its 200ms are over");
        assert!(!line.contains(" 0 commands"), "{line}");
    }
}

/// Sends byte after byte, up to the server's end.
fn trickle(mut stream: &TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(20))).expect("a timeout");
    let mut buffer = [0; 1024];
    // A reset: a byte was on its way when the server had waited long enough for the client's end.
    while stream.write_all(b"x").is_ok() {
        #[expect(clippy::disallowed_methods, reason = "looks for the end of the stream; the rest does not count")]
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if nothing_yet(&error) => {}
            Err(_) => return,
        }
    }
}

#[cfg(unix)]
#[test]
fn a_server_that_is_stopped_answers_what_it_was_asked() {
    for (form, with) in all_forms().flat_map(|form| [(form, "-INT"), (form, "-TERM")]) {
        let server = serve(form, &[]);
        let stream = greeted(server.address);
        assert_eq!(ask(&stream, b"x"), AGAIN, "{form}");
        // It is asked, and told to stop, while it cannot act: then it finds both.
        signal(&server, "-STOP");
        if cfg!(target_os = "linux") {
            send(&stream, b"0");
        }
        signal(&server, with);
        signal(&server, "-CONT");
        let answer = if cfg!(target_os = "linux") { ZERO } else { "" };
        assert_eq!(everything(&stream), answer.as_bytes(), "{form}");
        server.says("ended: the server is being stopped");
        assert_eq!(server.ended().code(), Some(0), "{form}");
    }
}

/// The server with a limit of its shell: `ulimit LIMIT`.
#[cfg(unix)]
fn serve_within(limit: &str, form: &str) -> Server {
    let program = env!("CARGO_BIN_EXE_lesson-07-threaded");
    let script = format!("ulimit {limit} && exec \"$0\" \"$@\"");
    Server::start(Command::new("sh").args(["-c", &script, program, "serve", "--addr", "127.0.0.1:0", "--form", form]))
}

#[cfg(unix)]
#[test]
fn without_descriptors_it_waits_and_does_not_spin() {
    for form in ["threads", "pool"] {
        let server = serve_within("-n 20", form);
        let mut clients: Vec<_> = (0..20).map(|_| raw(server.address)).collect();
        server.says("no connection can be accepted for now: ");
        // Who spins is never asleep.
        if cfg!(target_os = "linux") {
            for _ in 0..100 {
                lab::testing::until("the server sleeps", || {
                    lab::kernel::activity(server.process()).is_some_and(|activity| activity.asleep)
                });
            }
        }
        // Not even the one that waits is lost.
        let last = clients.pop().expect("there are some");
        drop(clients);
        let mut lines = Vec::new();
        while !lines.iter().any(|line: &String| line == "connections are accepted again") {
            lines.push(server.line());
        }
        assert!(!lines.iter().any(|line| line.contains("for now")), "said again: {lines:?}");
        assert_eq!(next::<{ GREETING.len() }>(&last), GREETING, "{form}");
        assert_serves(&server);
    }
    // A process needs more of them than a connection, so the server runs out after it has accepted.
    let server = serve_within("-n 20", "processes");
    let clients: Vec<_> = (0..20).map(|_| raw(server.address)).collect();
    server.says("was refused: ");
    drop(clients);
    lab::testing::until("there are descriptors again", || {
        let stream = raw(server.address);
        let mut first = [0];
        (&stream).read_exact(&mut first).expect("a word");
        first[0] == GREETING.as_bytes()[0]
    });
}

#[cfg(target_os = "linux")]
#[test]
fn without_threads_a_client_is_refused_in_words() {
    let server = serve("threads", &[]);
    let Some(limit) = lab::testing::NoThreads::of(server.process()) else { return };
    assert_eq!(everything(&raw(server.address)), FULL.as_bytes());
    server.says("was refused: nobody can serve it: Resource temporarily unavailable");
    drop(limit);
    assert_serves(&server);
}

#[cfg(target_os = "linux")]
#[test]
fn no_child_is_left_behind() {
    let server = serve("processes", &[]);
    let children = || {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", server.process())).expect("it runs").flatten();
        let children = tasks.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
        children.map(|numbers| numbers.split_whitespace().count()).sum::<usize>()
    };
    let clients = [greeted(server.address), greeted(server.address)];
    assert_eq!(children(), 2);
    drop(clients);
    for _ in 0..2 {
        server.says("had 0 commands answered, ended by the client");
    }
    // A zombie would still be one.
    assert_eq!(children(), 0);
}

#[cfg(unix)]
#[test]
fn a_connection_as_standard_input_is_served_as_by_inetd() {
    use std::process::Stdio;

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let stream = raw(listener.local_addr().expect("an address"));
    let accepted = listener.accept().expect("the client").0;
    let mut child = lesson(&["converse"]);
    child.stdin(Stdio::from(std::os::fd::OwnedFd::from(accepted))).stdout(Stdio::piped());
    let child = child.spawn().expect("it starts");
    assert_eq!(next::<{ GREETING.len() }>(&stream), GREETING);
    send(&stream, b"exit");
    assert_eq!(everything(&stream), b"");
    drop(stream);
    assert_printed(&child.wait_with_output().expect("it ends"), "had 0 commands answered, ended by exit\n");
    let output = lesson(&["converse"]).stdin(Stdio::null()).output().expect("it runs");
    assert_error(&output, "standard input is no connection");
}

#[cfg(not(unix))]
#[test]
fn there_are_no_processes_elsewhere() {
    let output = lesson(&["serve", "--form", "processes"]).output().expect("it runs");
    assert_error(&output, "a process for each client is for Unix");
}

#[test]
fn a_bad_server_is_told_of_in_one_line() {
    type Does = Box<dyn FnOnce(TcpStream) + Send>;
    let sends = |bytes: &'static [u8]| -> Does {
        Box::new(move |stream| {
            send(&stream, bytes);
            // A client that has enough may reset.
            let _ = stream.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut &stream, &mut std::io::sink());
        })
    };
    const GREETED: &[u8] = "我是多线程".as_bytes();
    const PART: &[u8] = "我是多线程您输入".as_bytes();
    for (does, why) in [
        (sends(b""), "ended the connection instead of answering; it may have been stopped"),
        (sends(GREETED), "ended the connection instead of answering; it may have been stopped"),
        (sends(&GREETED[..4]), "ended the connection in the middle of an answer"),
        (sends(PART), "ended the connection in the middle of an answer"),
        (sends(b"server full, try again later\n"), "does not answer and says: server full, try again later"),
        (sends(b"HTTP/1.1 400 Bad Request\r\n\r\n"), r#"sent "HTTP/1.1 400 Bad Request\r\n", which is no answer"#),
        (sends(&[b'x'; 5000]), "xxx\", which is no answer of the menu"),
        (sends("我是多线程我是多线程我".as_bytes()), "which is no answer of the menu"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = thread::spawn(move || does(listener.accept().expect("the client").0));
        assert_error(&talk(&mut connect(address), "0\n"), why);
        server.join().expect("no panic");
    }
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut client = connect(silent.local_addr().expect("an address"));
    assert_error(&talk(client.args(["--timeout", "0.2"]), "0\n"), "no whole answer came within 200ms");
    drop(silent);
    let dripping = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut client = connect(dripping.local_addr().expect("an address"));
    let server = thread::spawn(move || {
        let left = drip(&mut dripping.accept().expect("the client").0, GREETING.as_bytes(), || {});
        assert!(left > 0, "the client waits for each byte as long as for the first");
    });
    assert_error(&talk(client.args(["--timeout", "0.3"]), "0\n"), "no whole answer came within 300ms");
    server.join().expect("no panic");
    let long = "x".repeat(1025);
    let server = serve("threads", &[]);
    assert_error(&talk(&mut connect(server.address), &long), "longer than 1024 bytes");
    assert_error(&talk(&mut connect(SocketAddr::from(([127, 0, 0, 1], 1))), "0\n"), "start the server");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server_in_any_form() {
    for form in all_forms() {
        lab::testing::assert_survives(&lab::testing::Fate {
            program: env!("CARGO_BIN_EXE_lesson-07-threaded"),
            arguments: &["serve", "--form", form],
            first_words: b"0\n",
            is_served: &|address| {
                // All places may be taken for a moment.
                lab::testing::until("an honest client is served", || {
                    let stream = raw(address);
                    let mut first = [0; GREETING.len()];
                    let greeted = (&stream).read_exact(&mut first).is_ok() && first == *GREETING.as_bytes();
                    greeted && ask(&stream, b"0\n") == ZERO
                });
            },
            many: 1500,
            needs_threads: form == "threads",
        });
    }
}

#[cfg(unix)]
#[test]
fn everybody_who_waits_in_the_queue_of_serial_is_told_that_it_stops() {
    for _ in 0..10 {
        let server = serve("serial", &[]);
        let served = greeted(server.address);
        let waiting: Vec<TcpStream> = (0..5).map(|_| raw(server.address)).collect();
        let stop = Command::new("kill").args(["-INT", &server.process().to_string()]).status();
        assert!(stop.is_ok_and(|status| status.success()));
        for client in &waiting {
            assert_eq!(everything(client), b"server is being stopped\n");
        }
        assert_eq!(everything(&served), b"");
        assert_eq!(server.ended().code(), Some(0));
    }
}
