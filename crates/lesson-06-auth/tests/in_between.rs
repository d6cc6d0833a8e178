//! Somebody without the key between real programs: what one client asks, another client answers. Python's
//! `multiprocessing.connection` falls to it, the finished program does not. A relay that only carries bytes may.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::thread::{self, JoinHandle};

use common::auth::REFUSAL;
use common::framing::{encode, read_frame};
use lab::testing::{PATIENCE, Server, assert_error, assert_printed, everything, python, raw, talk};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
const ALICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/alice.key");
const SECRET: &str = "the code is 4711";
/// No deadline decides anything here, however long a process takes to start.
const LONG: [&str; 2] = ["--login", "600"];
const UNPROVEN: &str = "the server did not prove that it has the key";

/// A client process that goes to `address` with its secret.
type Victim = fn(SocketAddr) -> Command;

fn finished_client(address: SocketAddr) -> Command {
    let mut client = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    client.args(["connect", "--addr", &address.to_string(), "--key", ALICE, "--exposed-keys"]).args(LONG);
    client
}

fn finished_server() -> Server {
    let mut server = Command::new(env!("CARGO_BIN_EXE_lesson-06-auth"));
    Server::start(server.args(["serve", "--addr", "127.0.0.1:0", "--keys", KEYS, "--exposed-keys"]).args(LONG))
}

fn python_client(address: SocketAddr) -> Command {
    let mut client = python("connection_client.py").expect("it was there a moment ago");
    client.args([&address.ip().to_string(), &address.port().to_string(), SECRET]);
    client
}

/// The rogue: clients take it for their server.
struct Rogue(TcpListener);

impl Rogue {
    fn new() -> Rogue {
        Rogue(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"))
    }

    /// Starts a client that comes here.
    fn lure(&self, client: Victim) -> (TcpStream, JoinHandle<Output>) {
        let address = self.0.local_addr().expect("an address");
        let process = thread::spawn(move || talk(&mut client(address), &format!("{SECRET}\n")));
        let (stream, _) = self.0.accept().expect("the client");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        (stream, process)
    }
}

/// A payload of `multiprocessing.connection` has the same four bytes in front as a frame of this course.
fn say(mut stream: &TcpStream, message: &[u8]) {
    stream.write_all(&encode(message, 256).expect("a short message")).expect("it is taken");
}

fn hear(mut stream: &TcpStream) -> Vec<u8> {
    read_frame(&mut stream, 256).expect("a message").expect("no end")
}

const CHALLENGE: &[u8] = b"#CHALLENGE#";
const WELCOME: &[u8] = b"#WELCOME#";

/// Welcomes a client of `multiprocessing.connection`, whatever it answers. What it asks in return.
fn question_of(client: &TcpStream) -> Vec<u8> {
    say(client, &[CHALLENGE, &[0; 20]].concat());
    let _not_looked_at = hear(client);
    say(client, WELCOME);
    let question = hear(client);
    assert!(question.starts_with(CHALLENGE));
    question
}

#[test]
fn a_second_client_answers_for_the_rogue_in_python() {
    let Some(mut server) = python("connection_server.py") else { return };
    let server = Server::start(&mut server);
    assert_printed(&talk(&mut python_client(server.address), ""), "THE CODE IS 4711\n");

    let rogue = Rogue::new();
    let (victim, told) = rogue.lure(python_client);
    let question = question_of(&victim);
    let (helper, helps) = rogue.lure(python_client);
    say(&helper, &question);
    say(&victim, &hear(&helper));
    assert_eq!(hear(&victim), WELCOME);
    assert_eq!(hear(&victim), SECRET.as_bytes(), "told without the key");
    say(&victim, b"THE CODE IS 4711");
    assert_printed(&told.join().expect("no panic"), "THE CODE IS 4711\n");
    drop(helper);
    assert_error(&helps.join().expect("no panic"), "the connection was closed");
}

#[test]
fn a_rogue_alone_has_no_answer_in_python() {
    if python("connection_client.py").is_none() {
        return;
    }
    let (victim, told) = Rogue::new().lure(python_client);
    let question = question_of(&victim);
    let digest = if question.starts_with(b"#CHALLENGE#{sha256}") {
        [b"{sha256}", &[0; 32][..]].concat()
    } else {
        vec![0; 16] // before Python 3.12 it is HMAC-MD5
    };
    say(&victim, &digest);
    assert_eq!(hear(&victim), b"#FAILURE#");
    assert_eq!(everything(&victim), b"");
    drop(victim);
    assert_error(&told.join().expect("no panic"), "digest received was wrong");
}

/// M1 of a rogue that has no key.
fn m1(nonce: &[u8]) -> Vec<u8> {
    [b"SBF1\x01\x0fupper-case echo", nonce].concat()
}

/// Nonce and tag in an M2 of Alice.
fn nonce_and_tag(m2: &[u8]) -> (&[u8], &[u8]) {
    m2.strip_prefix(b"SBF1\x02\x05alice").expect("an M2 of Alice").split_at(32)
}

#[test]
fn a_second_client_cannot_answer_for_the_rogue_here() {
    let rogue = Rogue::new();
    for ask in ["the same question", "the nonce of the victim", "the tag of the victim"] {
        let (victim, told) = rogue.lure(finished_client);
        let (helper, helps) = rogue.lure(finished_client);
        say(&victim, &m1(&[7; 32]));
        let m2 = hear(&victim);
        let (nonce, tag) = nonce_and_tag(&m2);
        say(
            &helper,
            &m1(match ask {
                "the nonce of the victim" => nonce,
                "the tag of the victim" => tag,
                _ => &[7; 32],
            }),
        );
        let answer = hear(&helper);
        say(&victim, &[b"SBF1\x03", nonce_and_tag(&answer).1].concat());
        assert_told_nothing(&victim, told, ask);
        drop(helper);
        assert_error(&helps.join().expect("no panic"), "closed the connection before the login was done");
    }
}

#[track_caller]
fn assert_told_nothing(victim: &TcpStream, told: JoinHandle<Output>, ask: &str) {
    assert_eq!(everything(victim), b"", "{ask}");
    assert_error(&told.join().expect("no panic"), UNPROVEN);
}

#[test]
fn nor_can_the_real_server() {
    let (server, rogue) = (finished_server(), Rogue::new());
    let up = raw(server.address);
    let challenge = hear(&up);
    // Both clients get the challenge of the real server, one of them logs in, and its proof goes to the other.
    let (victim, told) = rogue.lure(finished_client);
    let (helper, helps) = rogue.lure(finished_client);
    say(&victim, &challenge);
    say(&helper, &challenge);
    hear(&victim);
    say(&up, &hear(&helper));
    let proof = hear(&up);
    assert!(proof.starts_with(b"SBF1\x03"), "the server has let Alice in");
    say(&victim, &proof);
    assert_told_nothing(&victim, told, "the proof for another login");
    // The rogue has a connection that is logged in and no key for a record.
    say(&up, &[&b"\0STOLEN"[..], &[0; 32]].concat());
    server.says("(alice) had 0 bytes answered, broken: a record was changed");
    assert_eq!(everything(&up), b"");
    drop(helper);
    assert_error(&helps.join().expect("no panic"), "closed the connection before the login was done");
}

#[test]
fn an_answer_to_one_challenge_opens_no_other_connection() {
    let (server, rogue) = (finished_server(), Rogue::new());
    let [first, second] = [raw(server.address), raw(server.address)];
    hear(&first);
    let (client, told) = rogue.lure(finished_client);
    say(&client, &hear(&second));
    let m2 = hear(&client);
    say(&first, &m2);
    assert_eq!(everything(&first), REFUSAL);
    drop(first); // until then the server takes a little more from it
    server.says(r#"was refused: client "alice" did not prove that it has its key"#);
    // Where it belongs it is right: had it been wrong, the refusal above would say nothing.
    say(&second, &m2);
    assert!(hear(&second).starts_with(b"SBF1\x03"));
    drop(client);
    assert_error(&told.join().expect("no panic"), "closed the connection before the login was done");
}

/// Carries bytes until the stream ends, and returns them all.
fn carry(mut from: TcpStream, mut to: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut bytes = [0; 1024];
    loop {
        #[expect(clippy::disallowed_methods, reason = "a relay passes on whatever came")]
        let count = from.read(&mut bytes).expect("an ordinary end");
        if count == 0 {
            to.shutdown(Shutdown::Write).expect("a half-close");
            return all;
        }
        to.write_all(&bytes[..count]).expect("it is taken");
        all.extend_from_slice(&bytes[..count]);
    }
}

#[test]
fn a_relay_that_only_carries_is_not_noticed_and_reads_all() {
    let (server, rogue) = (finished_server(), Rogue::new());
    let (down, told) = rogue.lure(finished_client);
    let up = raw(server.address);
    let (relay, client) = (up.local_addr().expect("an address"), down.peer_addr().expect("an address"));
    let (from, to) = (up.try_clone().expect("a handle"), down.try_clone().expect("a handle"));
    let answers = thread::spawn(move || carry(from, to));
    let asked = carry(down, up);
    let answered = answers.join().expect("no panic");
    assert_printed(&told.join().expect("no panic"), "THE CODE IS 4711\n");
    // The server has Alice on the line, and the address of the relay.
    assert_eq!(server.line(), format!("{relay} (alice) had 16 bytes answered, ended by the client"));
    assert_ne!(relay, client);
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(&asked, b"alice") && holds(&asked, SECRET.as_bytes()));
    assert!(holds(&answered, b"upper-case echo") && holds(&answered, b"THE CODE IS 4711"));
}
