//! The upper-case echo, with real processes: who is let in, what a bad peer may not do to it, and what each side is told.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use common::auth::{self, Channel, Client, Key, REFUSAL};
use common::deadline::Deadline;
use common::framing::{encode, read_frame};
use lab::testing::{PATIENCE, Server, assert_error, assert_printed, drip, everything, raw, talk, text};

const SERVICE: &str = "upper-case echo";
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");

fn lesson(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    command.args(words).env_remove("ECHO_KEY");
    command
}

fn serve(arguments: &[&str]) -> Server {
    Server::start(lesson(&["serve", "--addr", "127.0.0.1:0", "--keys", KEYS, "--exposed-keys"]).args(arguments))
}

fn connect(address: SocketAddr, arguments: &[&str]) -> Command {
    // A file of the repository can be read by everybody.
    let mut command = lesson(&["connect", "--addr", &address.to_string(), "--exposed-keys"]);
    command.args(arguments);
    command
}

fn alice(address: SocketAddr) -> Command {
    connect(address, &["--key", ALICE])
}

/// A client of the test's own that is logged in.
fn logged_in(server: &Server) -> Channel {
    let key = Key::from_exposed_file(ALICE).expect("a key");
    Channel::connect(raw(server.address), SERVICE, "alice", &key, &Deadline::after(PATIENCE)).expect("the login")
}

/// What comes back for one piece.
#[track_caller]
fn answer(channel: &mut Channel, piece: &[u8]) -> Vec<u8> {
    channel.write_all(piece).expect("it is taken");
    let mut answer = vec![0; piece.len()];
    channel.read_exact(&mut answer).expect("an answer");
    answer
}

#[track_caller]
fn assert_serves(server: &Server) {
    assert_printed(&talk(&mut alice(server.address), "still here\n"), "STILL HERE\n");
}

/// A folder of this test alone, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("it is ours");
    }
    path
}

fn keygen(file: &Path) -> Output {
    lesson(&["keygen"]).arg(file).output().expect("it runs")
}

#[test]
fn lines_come_back_in_capitals() {
    let server = serve(&[]);
    let long = "k\u{e4}se ".repeat(10_000);
    let output = talk(&mut alice(server.address), &format!("hello\r\n\n{long}\n{{a-z}} 0\nquit\nnever sent\n"));
    assert_printed(&output, &format!("HELLO\n{}\n{{A-Z}} 0\n", long.to_ascii_uppercase()));
    let line = server.line();
    assert!(
        line.contains("127.0.0.1:") && line.ends_with(" (alice) had 60012 bytes answered, ended by the client"),
        "{line}"
    );
    let too_long = "x".repeat(1024 * 1024 + 1);
    assert_error(&talk(&mut alice(server.address), &too_long), "longer than 1048576 bytes");
    assert!(server.line().ends_with("before its authenticated end: what came is incomplete"));
}

#[test]
fn a_new_key_opens_for_its_identity_alone() {
    let keys = folder("a-new-key");
    let (bob, carol) = (keys.join("bob.key"), keys.join("carol.key"));
    assert_printed(&keygen(&bob), &format!("a new key for bob is in {}\n", bob.display()));
    assert!(keygen(&carol).status.success());
    assert_ne!(fs::read(&bob).expect("a key"), fs::read(&carol).expect("a key"));
    let server = Server::start(lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys));
    let with = |file: &Path, more: &[&str]| talk(connect(server.address, more).arg("--key").arg(file), "hi\n");
    assert_printed(&with(&bob, &[]), "HI\n");
    server.says("(bob) had 2 bytes answered");
    assert_error(&with(&bob, &["--identity", "carol"]), "the server refused the login");
    server.says(r#"was refused: client "carol" did not prove that it has its key"#);
    assert_error(&with(&bob, &["--identity", "../bob"]), "the server refused the login");
    server.says(r#"was refused: client "../bob" is not known here"#);
    assert_error(&with(Path::new(ALICE), &[]), "the server refused the login");
    let text = fs::read_to_string(&bob).expect("a key");
    let from_environment =
        |text: &str, more: &[&str]| talk(connect(server.address, more).env("ECHO_KEY", text), "hi\n");
    assert_printed(&from_environment(text.trim_end(), &["--identity", "bob"]), "HI\n");
    assert_error(&from_environment(&text, &[]), "say whose key is in ECHO_KEY: --identity");
    let output = from_environment("secret", &["--identity", "bob"]);
    assert_error(&output, "ECHO_KEY: a key is 64 hex digits");
    assert!(!self::text(&output.stderr).contains("secret"));
}

#[test]
fn keygen_never_overwrites_and_lets_nobody_else_read() {
    let file = folder("keygen").join("dora.key");
    assert!(keygen(&file).status.success());
    let before = fs::read(&file).expect("a key");
    assert_error(&keygen(&file), "exists already and is left as it is");
    assert_eq!(fs::read(&file).expect("a key"), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().expect("a folder"))), (0o600, 0o700));
    }
    for bad in ["dora", "dora.txt", ".key", &format!("{}.key", "x".repeat(65))] {
        assert_error(&keygen(&file.with_file_name(bad)), "a key file is called IDENTITY.key");
    }
}

#[test]
fn without_keys_each_side_says_how_to_make_one() {
    let keys = folder("without-keys");
    let serve = || lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys).output().expect("it runs");
    let how = "make a key first: cargo run -p lesson-06-auth -- keygen ";
    assert_error(&serve(), how);
    fs::create_dir_all(&keys).expect("a folder");
    assert_error(&serve(), "there is no key in ");
    assert_error(&serve(), how);
    fs::write(keys.join("eve.key"), "opensesame\n").expect("a file");
    #[cfg(unix)]
    fs::set_permissions(keys.join("eve.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("it is ours");
    assert_error(&serve(), "a key is 64 hex digits");
    // A file in place of the folder: another key would not help.
    let file = lesson(&["serve", "--addr", "127.0.0.1:0", "--keys", ALICE]).output().expect("it runs");
    assert_error(&file, "cannot read the keys in ");
    assert!(!text(&file.stderr).contains("make a key"), "{}", text(&file.stderr));
    let address = SocketAddr::from(([127, 0, 0, 1], 1));
    assert_error(&talk(&mut connect(address, &[]), ""), "there is no key to log in with");
    assert_error(&talk(&mut connect(address, &["--key", "nowhere/alice.key"]), ""), "key file nowhere/alice.key: ");
    let hint = "start it, in another terminal: cargo run -p lesson-06-auth -- serve --keys keys";
    assert_error(&talk(&mut alice(address), ""), hint);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused_on_both_sides() {
    use std::os::unix::fs::PermissionsExt;
    let keys = folder("exposed-keys");
    let bob = keys.join("bob.key");
    assert!(keygen(&bob).status.success());
    fs::set_permissions(&bob, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let serve = || lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys).output().expect("it runs");
    let closes = format!("others can read or change it (mode 0644); type: chmod 600 {}", bob.display());
    assert_error(&serve(), &closes);
    let client = lesson(&["connect", "--addr", "127.0.0.1:1", "--key"]).arg(&bob).output().expect("it runs");
    assert_error(&client, &closes);

    // A FIFO that nobody writes into holds up neither.
    fs::remove_file(&bob).expect("it is ours");
    assert!(Command::new("mkfifo").arg(&bob).status().expect("mkfifo runs").success());
    assert_error(&serve(), "not a regular file");
    let client = lesson(&["connect", "--addr", "127.0.0.1:1", "--exposed-keys", "--key"]).arg(&bob).output();
    assert_error(&client.expect("it runs"), "not a regular file");
}

#[test]
fn a_key_typed_in_place_of_its_file_is_not_printed() {
    let key = fs::read_to_string(ALICE).expect("a key");
    for typed in [key.trim(), &key, &key.trim()[..40]] {
        for words in [&["connect", "--addr", "127.0.0.1:1", "--key", typed][..], &["keygen", typed]] {
            let output = lesson(words).output().expect("it runs");
            assert_error(&output, "it looks like a key");
            assert!(!text(&output.stderr).contains(&key[..8]), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn during_a_change_of_keys_the_server_takes_both() {
    let keys = folder("change-of-keys");
    // As long as an identity may be.
    let name = "x".repeat(64);
    let (old, new) = (keys.join(format!("{name}.key")), keys.join(format!("{name}.newkey")));
    assert!(keygen(&old).status.success() && keygen(&new).status.success());
    let server = Server::start(lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys));
    for (file, which) in [(&old, ""), (&new, ", new key")] {
        assert_printed(&talk(connect(server.address, &["--key"]).arg(file), "hi\n"), "HI\n");
        server.says(&format!("({name}{which}) had 2 bytes answered"));
    }
    drop(server);
    fs::remove_file(&old).expect("it is ours");
    let alone = lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys).output().expect("it runs");
    assert_error(&alone, ".newkey in ");
}

#[test]
fn a_server_that_does_not_end_is_given_up() {
    let (has_given_up, given_up) = std::sync::mpsc::channel();
    let (address, server) = bad_server(move |stream| {
        let key = Key::from_exposed_file(ALICE).expect("a key");
        let deadline = Deadline::after(PATIENCE);
        let mut channel = Channel::accept(stream, SERVICE, |_| Some(key.clone()), &deadline).expect("the login");
        channel.read_exact(&mut [0; 5]).expect("five bytes");
        channel.write_all(b"HELLO").and_then(|()| channel.flush()).expect("it is taken");
        // Takes the client's end and has none of its own.
        assert!(channel.read_exact(&mut [0]).is_err());
        given_up.recv().expect("the client is gone");
    });
    let mut client = connect(address, &["--key", ALICE, "--timeout", "0.5"]);
    assert_error(&talk(&mut client, "hello\n"), "did not end the conversation within 500ms");
    has_given_up.send(()).expect("it waits");
    server.join().expect("no panic");
}

#[test]
fn strangers_get_the_same_refusal_whatever_they_do() {
    let server = serve(&[]);
    let unknown = || connect(server.address, &["--key", ALICE, "--identity", "mallory"]);
    let refusal = text(&talk(&mut unknown(), "hi\n").stderr);
    assert!(refusal.contains("the server refused the login"), "{refusal}");
    for sent in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 300], b"\0\0\0\x05SBF1\x02", b"\0\0\0\0"] {
        let mut stream = raw(server.address);
        stream.write_all(sent).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("a half-close");
        let bytes = everything(&stream);
        assert_eq!(&bytes[bytes.len() - REFUSAL.len()..], REFUSAL, "{}", sent.escape_ascii());
    }
    assert_serves(&server);
}

#[test]
fn a_client_that_goes_harms_nobody() {
    let server = serve(&[]);
    for sent in [&b""[..], b"\0\0\0\x4bSBF1\x02"] {
        for reset in [false, true] {
            let mut stream = raw(server.address);
            stream.write_all(sent).expect("it is taken");
            if reset {
                // A close is a reset then (socket(7)).
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("an option");
            }
        }
    }
    let mut channel = logged_in(&server);
    channel.write_all(b"half a conversation").and_then(|()| channel.flush()).expect("it is taken");
    drop(channel);
    assert_serves(&server);
}

#[test]
fn who_does_not_log_in_is_given_up_and_makes_room() {
    let server = serve(&["--login", "0.3", "--strangers", "1"]);
    for sent in [&b""[..], b"\0\0\0\x4bSBF1\x02\x05al"] {
        let mut stream = raw(server.address);
        stream.write_all(sent).expect("it is taken");
        server.says("was refused: the login was not done in time");
        drop(stream);
    }
    assert_serves(&server);
}

#[test]
fn only_so_many_are_let_in_and_the_others_are_told() {
    let server = serve(&["--strangers", "2", "--clients", "3", "--login", "600"]);
    let strangers = [raw(server.address), raw(server.address)];
    assert_eq!(everything(&raw(server.address)), REFUSAL);
    server.says("was refused: too many");
    assert_error(
        &talk(&mut alice(server.address), "hi\n"),
        "the server is full, or someone on the path says so: try again later",
    );
    server.says("was refused: too many");
    drop(strangers);
    for _ in 0..2 {
        let line = server.says("was refused: ");
        assert!(!line.contains("too many"), "{line}");
    }
    // Who has logged in is no stranger any more; an answer says that the server has counted it so.
    let clients = [(); 3].map(|()| {
        let mut channel = logged_in(&server);
        assert_eq!(answer(&mut channel, b"x"), b"X");
        channel
    });
    assert_eq!(everything(&raw(server.address)), REFUSAL);
    drop(clients);
    for _ in 0..3 {
        server.says("(alice) had 1 bytes answered, broken: ");
    }
    assert_serves(&server);
}

#[test]
fn a_client_that_stays_silent_after_its_login_is_given_up() {
    let server = serve(&["--idle", "0.3"]);
    let channel = logged_in(&server);
    server.says("(alice) had 0 bytes answered, closed: no data came for 300ms");
    drop(channel);
    // A part of a record is no sign of life.
    let channel = logged_in(&server);
    let mut stream = channel.stream();
    stream.write_all(&[0, 0, 1]).expect("it is taken");
    server.says("(alice) had 0 bytes answered, closed: no data came for 300ms");
    assert_serves(&server);
}

#[test]
fn a_record_that_was_tampered_with_ends_the_connection_without_an_answer() {
    let server = serve(&[]);
    let mut channel = logged_in(&server);
    let mut stream = channel.stream();
    stream.write_all(&[&[0, 0, 0, 35, 0, b'h', b'i'][..], &[0; 32]].concat()).expect("it is taken");
    server.says("(alice) had 0 bytes answered, broken: a record was changed");
    let mut answer = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "to the end, from a server of the test's own")]
    let error = channel.read_to_end(&mut answer).expect_err("no authenticated end");
    assert!(answer.is_empty(), "{error}");
    assert_serves(&server);
}

#[cfg(unix)]
#[test]
fn a_server_that_is_stopped_tells_its_clients() {
    for signal in ["-INT", "-TERM"] {
        let server = serve(&[]);
        let stranger = raw(server.address);
        let mut channel = logged_in(&server);
        channel.write_all(b"hello").expect("it is taken");
        let mut answer = [0; 5];
        channel.read_exact(&mut answer).expect("an answer");
        let told = Command::new("kill").args([signal, &server.process().to_string()]).status();
        assert!(told.expect("kill runs").success());
        server.says("(alice) had 5 bytes answered, ended: the server was stopped");
        assert_eq!(server.ended().code(), Some(0));
        // Only a verified end is 0 bytes without an error.
        #[expect(clippy::disallowed_methods, reason = "one read is enough to find the end")]
        let end = channel.read(&mut answer).expect("the authenticated end");
        assert_eq!((end, &answer), (0, b"HELLO"));
        drop(stranger);
    }
}

#[cfg(unix)]
#[test]
fn a_client_that_sends_empty_records_does_not_keep_the_server_from_ending() {
    let server = serve(&["--idle", "600"]);
    let mut channel = logged_in(&server);
    assert_eq!(answer(&mut channel, b"x"), b"X");
    let parts = channel.into_parts();
    let (mut stream, mut session) = (parts.stream, parts.session);
    let told = Command::new("kill").args(["-INT", &server.process().to_string()]).status();
    assert!(told.expect("kill runs").success());
    // Never longer silent than the server waits for bytes, until it says that it ends.
    stream.set_read_timeout(Some(Duration::from_millis(10))).expect("a timeout");
    let silent = |stream: &TcpStream| stream.peek(&mut [0]).is_err_and(|error| lab::testing::nothing_yet(&error));
    while silent(&stream) && stream.write_all(&session.send.data(b"").expect("a record")).is_ok() {}
    server.says("(alice) had 1 bytes answered, ended: the server was stopped");
}

/// A server of the test's own: it gets the connection of one client.
fn bad_server(does: impl FnOnce(TcpStream) + Send + 'static) -> (SocketAddr, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (address, thread::spawn(move || does(listener.accept().expect("the client").0)))
}

#[test]
fn a_bad_server_is_told_of_in_one_line() {
    fn accept(stream: TcpStream, service: &str, key: Key) -> Result<Channel, common::auth::Error> {
        Channel::accept(stream, service, |_| Some(key.clone()), &Deadline::after(PATIENCE))
    }
    type Does = Box<dyn FnOnce(TcpStream) + Send>;
    let alices = || Key::from_exposed_file(ALICE).expect("a key");
    let key = alices();
    let lost: Does = Box::new(move |stream| {
        let mut channel = accept(stream, SERVICE, key).expect("the login");
        channel.read_exact(&mut [0; 5]).expect("five bytes");
        channel.write_all(b"HELLO").and_then(|()| channel.flush()).expect("it is taken");
        // Reads the client's end, then goes without one.
        assert!(channel.read_exact(&mut [0]).is_err());
    });
    let key = alices();
    let stopped: Does = Box::new(move |stream| {
        let mut channel = accept(stream, SERVICE, key).expect("the login");
        channel.read_exact(&mut [0; 5]).expect("five bytes");
        channel.finish().expect("an end");
        assert!(channel.read_exact(&mut [0]).is_err());
    });
    let key = alices();
    let other: Does = Box::new(move |stream| drop(accept(stream, "lower-case echo", key)));
    let impostor: Does = Box::new(|stream| drop(accept(stream, SERVICE, Key::generate().expect("a key"))));
    let http: Does = Box::new(|mut stream| {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").expect("it is taken");
    });
    for (does, why) in [
        (lost, "cut off before its authenticated end"),
        (stopped, "ended the conversation instead of answering"),
        (other, r#"the server offers "lower-case echo", another service"#),
        (impostor, "the server refused the login, or someone on the path says so"),
        (http, "does not speak this login"),
    ] {
        let (address, server) = bad_server(does);
        assert_error(&talk(&mut alice(address), "hello\n"), why);
        server.join().expect("no panic");
    }
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let mut client = connect(address, &["--key", ALICE, "--login", "0.2"]);
    assert_error(&talk(&mut client, "hello\n"), "the login was not done in time");
}

/// M2 for a server that has just said M1 on this connection, the right one.
fn m2(mut stream: &TcpStream) -> Vec<u8> {
    let key = Key::from_exposed_file(ALICE).expect("a key");
    let mut client = Client::new(SERVICE, "alice", &key).expect("names");
    let m1 = read_frame(&mut stream, 256).expect("M1").expect("no end");
    client.feed(&encode(&m1, 256).expect("a short message")).expect("M1").send
}

#[test]
fn a_login_that_drips_is_cut_by_its_one_deadline_and_keeps_nobody_waiting() {
    let server = serve(&["--login", "1"]);
    let mut neighbour = logged_in(&server);
    let mut stream = raw(server.address);
    let slow = m2(&stream);
    // One byte less than the login: in time or not, it is never done.
    let left = drip(&mut stream, &slow[..slow.len() - 1], || assert_eq!(answer(&mut neighbour, b"served"), b"SERVED"));
    assert!(left > 0, "the server waits for each byte as long as for the first");
    server.says("was refused: the login was not done in time");
    assert_eq!(answer(&mut neighbour, b"still served"), b"STILL SERVED");
}

#[test]
fn a_login_that_drips_in_time_is_as_good_as_another() {
    let server = serve(&["--login", "600"]);
    let mut stream = raw(server.address);
    for (place, byte) in m2(&stream).into_iter().enumerate() {
        stream.write_all(&[byte]).expect("it is taken");
        if place == 20 {
            assert_serves(&server);
        }
    }
    assert!(read_frame(&mut stream, 256).expect("an answer").expect("no end").starts_with(b"SBF1\x03"));
}

#[test]
fn an_answer_that_drips_is_given_up() {
    let (address, server) = bad_server(|mut stream| {
        let (mut login, m1) = auth::Server::new(SERVICE).expect("a login");
        stream.write_all(&m1).expect("it is taken");
        let m2 = encode(&read_frame(&mut stream, 256).expect("M2").expect("no end"), 256).expect("a short message");
        let step = login.feed_with(&m2, |_| Key::from_exposed_file(ALICE).ok()).expect("the login");
        stream.write_all(&step.send).expect("it is taken");
        let mut session = step.session.expect("a session");
        let asked = read_frame(&mut stream, 4096).expect("a record").expect("no end");
        assert_eq!(asked.len(), 1 + 1000 + auth::TAG);
        let record = session.send.data(&[b'A'; 1000]).expect("a record");
        let left = drip(&mut stream, &record, || {});
        assert!(left > 0, "the client waits for each byte as long as for the first");
    });
    let mut client = connect(address, &["--key", ALICE, "--timeout", "0.5"]);
    assert_error(&talk(&mut client, &"a".repeat(1000)), "the answer was not there within 500ms");
    server.join().expect("no panic");
}

#[cfg(target_os = "linux")]
#[test]
fn when_descriptors_run_out_the_server_waits_and_then_serves_again() {
    let limits = ["--clients", "100", "--strangers", "100"];
    let arguments = [&["serve", "--addr", "127.0.0.1:0", "--keys", KEYS, "--exposed-keys"][..], &limits].concat();
    let program = env!("CARGO_BIN_EXE_lesson-06-auth");
    // However many there are, the last one is a whole connection's.
    for spare in [6, 7] {
        let Some(server) = lab::testing::after_a_shortage(program, &arguments, spare) else { return };
        assert_serves(&server);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_keys_is_an_error_and_no_reason_to_wait() {
    let keys = folder("pipe-among-keys");
    fs::create_dir_all(&keys).expect("a folder");
    assert!(Command::new("mkfifo").arg(keys.join("bob.key")).status().is_ok_and(|status| status.success()));
    let output = lesson(&["serve", "--addr", "127.0.0.1:0", "--keys"]).arg(&keys).output().expect("it runs");
    assert_error(&output, "bob.key: it is not a regular file");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-06-auth"),
        arguments: &["serve", "--exposed-keys", "--keys", KEYS],
        first_words: b"\0\0\0",
        is_served: &|address| {
            // The places of strangers may be taken for a moment.
            lab::testing::until("an honest client is served", || {
                let output = talk(&mut alice(address), "still here\n");
                text(&output.stdout) == "STILL HERE\n"
            });
        },
        many: 1500,
        needs_threads: true,
    });
}

#[cfg(unix)]
#[test]
fn a_client_that_always_asks_is_told_the_end_when_the_server_stops() {
    let server = serve(&[]);
    let mut channel = logged_in(&server);
    assert_eq!(answer(&mut channel, b"a"), b"A");
    let stop = Command::new("kill").args(["-INT", &server.process().to_string()]).status();
    assert!(stop.is_ok_and(|status| status.success()));
    // It never waits, so no read of the server ever does.
    let mut piece = [0];
    let ended = loop {
        if let Err(error) = channel.write_all(b"a").and_then(|()| channel.flush()) {
            break Err(error);
        }
        match channel.read_exact(&mut piece) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    // The authenticated end, or what comes of writing after it; a cut would be another kind.
    assert!(ended.as_ref().err().is_none_or(|error| error.kind() == std::io::ErrorKind::BrokenPipe), "{ended:?}");
    assert_eq!(server.ended().code(), Some(0));
}
