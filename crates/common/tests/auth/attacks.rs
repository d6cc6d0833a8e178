//! Attackers without a key. A scheme in which both sides prove the same thing in the same way falls to the first of
//! them; the login does not. The last one only carries bytes, and may.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use common::auth::{Channel, Client, Error, LOGIN_TIME, Record, Server};
use common::deadline::Deadline;

use crate::login::{PSK, alice, alice_only, key};
use crate::reference::{SERVICE, framed, hmac, opening};
use crate::socket::to_the_end;

/// A client of the mutual scheme of Python's `multiprocessing.connection` (3.12): answer the other side's challenge, wait
/// for its welcome, then challenge it. Both sides answer alike, with the same key, and no role is in the tag.
struct Symmetric {
    challenge: Vec<u8>,
}

const CHALLENGE: &[u8] = b"#CHALLENGE#";
const WELCOME: &[u8] = b"#WELCOME#";

impl Symmetric {
    fn answer(&self, challenge: &[u8]) -> Vec<u8> {
        let message = challenge.strip_prefix(CHALLENGE).unwrap();
        assert!(message.starts_with(b"{sha256}") && message.len() == 48);
        [b"{sha256}", &hmac(&PSK, message)[..]].concat()
    }

    /// Its own challenge, once it is welcome.
    fn welcomed(&mut self, message: &[u8], random: &[u8; 40]) -> Vec<u8> {
        assert_eq!(message, WELCOME);
        self.challenge = [b"{sha256}", &random[..]].concat();
        [CHALLENGE, &self.challenge].concat()
    }

    /// What it says to an answer; after a welcome it sends its secret.
    fn verdict(&self, answer: &[u8]) -> &'static [u8] {
        let right = [b"{sha256}", &hmac(&PSK, &self.challenge)[..]].concat();
        if answer == right { WELCOME } else { b"#FAILURE#" }
    }
}

#[test]
fn a_second_client_answers_for_the_rogue_in_a_symmetric_scheme() {
    let [mut first, second] = [Symmetric { challenge: vec![] }, Symmetric { challenge: vec![] }];
    // The rogue is a listener. It cannot check the first client's answer, and says that it is right.
    let of_the_rogue = [CHALLENGE, b"{sha256}", &[1; 40]].concat();
    first.answer(&of_the_rogue);
    let challenge = first.welcomed(WELCOME, &[2; 40]);
    // It has no key to answer that with, but the second client has connected to it and waits for a challenge.
    let borrowed = second.answer(&challenge);
    assert_eq!(first.verdict(&borrowed), WELCOME, "the attack that the next test tries on the login");
    // And an answer of its own making is worth nothing: the scheme does check.
    assert_eq!(first.verdict(&[b"{sha256}", &[0; 32][..]].concat()), b"#FAILURE#");
}

#[test]
fn a_second_client_cannot_answer_for_the_rogue_here() {
    let (_, m1) = Server::new(SERVICE).unwrap();
    // The rogue may choose what it asks of the second client after it has seen the first one's whole M2.
    for ask in 0..4 {
        let mut first = alice();
        let m2 = first.feed(&m1).unwrap().send;
        let (nonce_c, tag_c) = (&m2[15..47], &m2[47..]);
        let asked = match ask {
            0 => m1.clone(),
            1 => framed(&opening(1, SERVICE, nonce_c)),
            2 => framed(&opening(1, SERVICE, tag_c)),
            _ => framed(&opening(1, SERVICE, &hmac(nonce_c, tag_c))),
        };
        let borrowed = alice().feed(&asked).unwrap().send;
        let m3 = framed(&[b"SBF1\x03", &borrowed[borrowed.len() - 32..]].concat());
        assert!(matches!(first.feed(&m3), Err(Error::ServerUnproven)), "question {ask}");
    }
}

#[test]
fn a_second_login_cannot_answer_for_the_first_at_the_server() {
    // Two connections to the server, one client that answers the rogue: its answer is right for one of them only.
    let (mut first, m1_first) = Server::new(SERVICE).unwrap();
    let (mut second, m1_second) = Server::new(SERVICE).unwrap();
    let m2 = alice().feed(&m1_second).unwrap().send;
    assert!(matches!(first.feed_with(&m2, alice_only), Err(Error::ClientUnproven { known: true, .. })));
    let m3 = second.feed_with(&m2, alice_only).unwrap().send;

    // Nor is the server's proof in one of them a proof in another.
    let mut client = alice();
    client.feed(&m1_first).unwrap();
    assert!(matches!(client.feed(&m3), Err(Error::ServerUnproven)));
}

#[test]
fn with_one_key_for_all_a_client_plays_the_server() {
    // No attack on the login: a warning about keys. Mallory has a key for a login of its own, and it is Alice's too.
    let (mut mallory, m1) = Server::new(SERVICE).unwrap();
    let mut shared = alice();
    let m2 = shared.feed(&m1).unwrap().send;
    let m3 = mallory.feed_with(&m2, |_| Some(key())).unwrap().send;
    assert!(shared.feed(&m3).unwrap().session.is_some(), "one key for all: anybody is the server");

    let (mut mallory, m1) = Server::new(SERVICE).unwrap();
    let own = common::auth::Key::generate().unwrap();
    let m2 = alice().feed(&m1).unwrap().send;
    assert!(mallory.feed_with(&m2, |_| Some(own)).is_err(), "a key for each: it is not");
}

/// Carries bytes from one socket to the other until the stream ends, and returns them all.
fn carry(mut from: TcpStream, mut to: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut bytes = [0; 1024];
    loop {
        #[allow(clippy::disallowed_methods, reason = "a relay passes on whatever came")]
        let count = from.read(&mut bytes).unwrap();
        if count == 0 {
            to.shutdown(Shutdown::Write).unwrap();
            return all;
        }
        to.write_all(&bytes[..count]).unwrap();
        all.extend_from_slice(&bytes[..count]);
    }
}

#[test]
fn a_relay_that_only_carries_bytes_is_not_noticed_and_reads_everything() {
    let (servers, relays) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let (server_addr, relay_addr) = (servers.local_addr().unwrap(), relays.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (stream, _) = servers.accept().unwrap();
        let mut channel = Channel::accept(stream, SERVICE, alice_only, &Deadline::after(LOGIN_TIME)).unwrap();
        let mut asked = [0; 18];
        channel.read_exact(&mut asked).unwrap();
        channel.write_all(&asked.to_ascii_uppercase()).unwrap();
        channel.finish().unwrap();
        assert_eq!(to_the_end(&mut channel).unwrap(), b"");
    });
    let relay = thread::spawn(move || {
        let (down, _) = relays.accept().unwrap();
        let up = TcpStream::connect(server_addr).unwrap();
        let (from, to) = (up.try_clone().unwrap(), down.try_clone().unwrap());
        let answers = thread::spawn(move || carry(from, to));
        (carry(down, up), answers.join().unwrap())
    });

    let stream = TcpStream::connect(relay_addr).unwrap();
    let mut channel = Channel::connect(stream, SERVICE, "alice", &key(), &Deadline::after(LOGIN_TIME)).unwrap();
    channel.write_all(b"my secret is 12345").unwrap();
    channel.finish().unwrap();
    let mut answer = [0; 18];
    channel.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"MY SECRET IS 12345");
    assert_eq!(to_the_end(&mut channel).unwrap(), b"");
    server.join().unwrap();

    let (asked, answered) = relay.join().unwrap();
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(&asked, b"alice") && holds(&asked, b"my secret is 12345"));
    assert!(holds(&answered, b"MY SECRET IS 12345"));
}

#[test]
fn a_relay_has_no_key_to_say_anything_itself() {
    // It carried the login, and now puts in a word: made up, recorded, or the client's own, at either end.
    for trick in 0..4 {
        let (mut client, (mut server, m1)) = (alice(), Server::new(SERVICE).unwrap());
        let m2 = client.feed(&m1).unwrap().send;
        let step = server.feed_with(&m2, alice_only).unwrap();
        let mut at_client = client.feed(&step.send).unwrap().session.unwrap();
        let mut at_server = step.session.unwrap();
        let asked = at_client.send.data(b"pay 1").unwrap();
        at_server.receive.feed(&asked);
        assert_eq!(at_server.receive.record().unwrap(), Some(Record::Data(b"pay 1")));
        let (to, word) = match trick {
            0 => (&mut at_server, [b"\0\0\0\x26\0pay 9", &[0; 32][..]].concat()),
            1 => (&mut at_server, asked),
            2 => (&mut at_client, asked),
            _ => {
                let mut changed = at_client.send.data(b"pay 1").unwrap();
                changed[9] = b'9';
                (&mut at_server, changed)
            }
        };
        to.receive.feed(&word);
        assert!(matches!(to.receive.record(), Err(Error::BadTag)), "trick {trick}");
    }
}

#[test]
fn a_client_with_another_key_learns_nothing_but_that() {
    let (mut server, m1) = Server::new(SERVICE).unwrap();
    let wrong = common::auth::Key::generate().unwrap();
    let m2 = Client::new(SERVICE, "alice", &wrong).unwrap().feed(&m1).unwrap().send;
    let result = server.feed_with(&m2, alice_only);
    assert!(matches!(result, Err(Error::ClientUnproven { known: true, .. })), "{result:?}");
}
