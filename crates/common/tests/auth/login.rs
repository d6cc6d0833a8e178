//! The login without a socket: every byte of it changed, cut, doubled or put elsewhere.

use common::auth::{
    Client, Error, IDENTITY_MAXIMUM, Key, Keyring, LOGIN_MAXIMUM, REFUSAL, Record, SERVICE_MAXIMUM, Server, Session,
    Step,
};

use crate::reference::{Login, SERVICE, framed, opening, record};

pub(crate) const PSK: [u8; 32] = [0x5a; 32];

pub(crate) fn key() -> Key {
    Key::from_bytes(&PSK)
}

pub(crate) fn alice_only(identity: &str) -> Option<Key> {
    (identity == "alice").then(key)
}

pub(crate) fn alice() -> Client {
    Client::new(SERVICE, "alice", &key()).unwrap()
}

fn server() -> (Server, Vec<u8>) {
    Server::new(SERVICE).unwrap()
}

/// The sessions of a login that nobody disturbed: client's, server's.
pub(crate) fn logged_in() -> (Session, Session) {
    let (mut client, (mut server, m1)) = (alice(), server());
    let m2 = client.feed(&m1).unwrap().send;
    let step = server.feed_with(&m2, alice_only).unwrap();
    (client.feed(&step.send).unwrap().session.unwrap(), step.session.unwrap())
}

/// Both sides say the same thing to each other, and hear it.
fn talks(mut from: Session, mut to: Session) {
    to.receive.feed(&from.send.data(b"hello").unwrap());
    assert_eq!(to.receive.record().unwrap(), Some(Record::Data(b"hello")));
    from.receive.feed(&to.send.data(b"HELLO").unwrap());
    assert_eq!(from.receive.record().unwrap(), Some(Record::Data(b"HELLO")));
}

#[track_caller]
fn unproven(result: Result<Step, Error>) {
    assert!(matches!(result, Err(Error::ClientUnproven { .. })), "{result:?}");
}

#[test]
fn both_sides_agree_with_each_other() {
    let (client, server) = logged_in();
    assert_eq!((&client.identity[..], &server.identity[..]), ("alice", "alice"));
    talks(client, server);
    let (client, server) = logged_in();
    talks(server, client);
}

#[test]
fn the_client_agrees_with_the_description() {
    let m1 = opening(1, SERVICE, &[9; 32]);
    let mut client = alice();
    let m2 = client.feed(&framed(&m1)).unwrap().send;
    assert_eq!(m2.len(), 4 + 75);
    let login = Login::new(&PSK, &m1, &m2[4..m2.len() - 32]);
    assert_eq!(m2[m2.len() - 32..], login.tag_c);

    let m3 = framed(&[b"SBF1\x03", &login.tag_s[..]].concat());
    let mut session = client.feed(&m3).unwrap().session.unwrap();
    assert_eq!(session.send.data(b"hello").unwrap(), record(&login.to_server, 0, 0, b"hello"));
    session.receive.feed(&record(&login.to_client, 0, 0, b"HELLO"));
    assert_eq!(session.receive.record().unwrap(), Some(Record::Data(b"HELLO")));
}

/// M2 of a client made by hand, for the M1 in this frame, and what follows from it.
fn by_hand(m1: &[u8], identity: &str, psk: &[u8; 32]) -> (Vec<u8>, Login) {
    let m2 = opening(2, identity, &[7; 32]);
    let login = Login::new(psk, &m1[4..], &m2);
    (framed(&[&m2[..], &login.tag_c].concat()), login)
}

#[test]
fn the_server_agrees_with_the_description() {
    let (mut server, m1) = server();
    assert_eq!((m1.len(), &m1[..19]), (4 + 47, &b"\0\0\0\x2fSBF1\x01\x09lesson-06"[..]));
    let (m2, login) = by_hand(&m1, "alice", &PSK);
    let step = server.feed_with(&m2, alice_only).unwrap();
    assert_eq!(step.send, framed(&[b"SBF1\x03", &login.tag_s[..]].concat()));
    let mut session = step.session.unwrap();
    assert_eq!(session.send.data(b"HELLO").unwrap(), record(&login.to_client, 0, 0, b"HELLO"));
}

#[test]
fn nonces_are_fresh() {
    let nonces: Vec<_> = (0..4).map(|_| server().1[19..].to_vec()).collect();
    let m1 = server().1;
    let more: Vec<_> = (0..4).map(|_| alice().feed(&m1).unwrap().send[15..47].to_vec()).collect();
    let all: std::collections::HashSet<_> = nonces.into_iter().chain(more).collect();
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|nonce| nonce.len() == 32));
}

#[test]
fn cut_at_every_byte() {
    for cut in 0..=51 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let mut m2 = client.feed(&m1[..cut]).unwrap().send;
        assert_eq!(m2.is_empty(), cut < 51);
        m2.extend(client.feed(&m1[cut..]).unwrap().send);
        assert!(server.feed_with(&m2, alice_only).unwrap().session.is_some());
    }
    for cut in 0..79 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let m2 = client.feed(&m1).unwrap().send;
        assert_eq!(server.feed(&m2[..cut]).unwrap(), None, "after {cut} bytes");
        assert!(matches!(server.key(key()), Err(Error::Over)), "a key before M2 was whole");
        assert!(server.feed_with(&m2[cut..], alice_only).unwrap().session.is_some());
    }
    for cut in 0..41 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let m2 = client.feed(&m1).unwrap().send;
        let m3 = server.feed_with(&m2, alice_only).unwrap().send;
        assert!(client.feed(&m3[..cut]).unwrap().session.is_none(), "after {cut} bytes");
        assert!(client.feed(&m3[cut..]).unwrap().session.is_some());
    }
}

#[test]
fn bytes_behind_m2_and_m3_are_records() {
    // A client that does not wait for M3, which is its own risk, and a stream cut at every byte.
    let length = 79 + 42 + 37;
    for cut in 0..=length {
        let (mut server, m1) = server();
        let (m2, login) = by_hand(&m1, "alice", &PSK);
        let wire = [&m2[..], &record(&login.to_server, 0, 0, b"hello"), &record(&login.to_server, 1, 1, b"")].concat();
        assert_eq!(wire.len(), length);
        let early = server.feed_with(&wire[..cut], alice_only).unwrap();
        let mut session = match early.session {
            Some(mut session) => {
                session.receive.feed(&wire[cut..]);
                session
            }
            None => server.feed_with(&wire[cut..], alice_only).unwrap().session.unwrap(),
        };
        assert_eq!(session.receive.record().unwrap(), Some(Record::Data(b"hello")), "cut at {cut}");
        assert_eq!(session.receive.record().unwrap(), Some(Record::End), "cut at {cut}");
        session.receive.end().unwrap();
    }
    for cut in 0..=41 + 42 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let m2 = client.feed(&m1).unwrap().send;
        let step = server.feed_with(&m2, alice_only).unwrap();
        let wire = [step.send, step.session.unwrap().send.data(b"HELLO").unwrap()].concat();
        let early = client.feed(&wire[..cut]).unwrap();
        let mut session = match early.session {
            Some(mut session) => {
                session.receive.feed(&wire[cut..]);
                session
            }
            None => client.feed(&wire[cut..]).unwrap().session.unwrap(),
        };
        assert_eq!(session.receive.record().unwrap(), Some(Record::Data(b"HELLO")), "cut at {cut}");
    }
}

#[test]
fn raw_bytes_behind_m2_and_m3_are_never_delivered() {
    let command = b"\0\0\0\x26\0rm -r ~ and then zeros where a tag should be";
    let (mut client, (mut server, m1)) = (alice(), server());
    let m2 = client.feed(&m1).unwrap().send;
    let step = server.feed_with(&[&m2[..], command].concat(), alice_only).unwrap();
    let at_server = step.session.unwrap().receive.record().map(|_| ());
    assert!(matches!(at_server, Err(Error::BadTag)), "{at_server:?}");
    let mut session = client.feed(&[&step.send[..], command].concat()).unwrap().session.unwrap();
    assert!(matches!(session.receive.record(), Err(Error::BadTag)));
}

#[test]
fn no_bit_of_m1_may_change() {
    for bit in 0..8 * 51 {
        let (mut server, mut m1) = server();
        m1[bit / 8] ^= 0x80 >> (bit % 8);
        match alice().feed(&m1) {
            // A longer message is announced, and the client waits for it.
            Ok(step) if step.send.is_empty() => assert!(bit < 32, "bit {bit}"),
            Ok(step) => {
                assert!(bit >= 19 * 8, "bit {bit}: only a nonce can be answered");
                unproven(server.feed_with(&step.send, alice_only));
            }
            Err(Error::NotThisLogin(_) | Error::OtherService { .. }) => assert!(bit < 19 * 8, "bit {bit}"),
            Err(error) => panic!("bit {bit}: {error}"),
        }
    }
}

#[test]
fn no_bit_of_m2_may_change() {
    for bit in 0..8 * 79 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let mut m2 = client.feed(&m1).unwrap().send;
        m2[bit / 8] ^= 0x80 >> (bit % 8);
        // Any identity has the right key here, so that only the tag can tell.
        match server.feed_with(&m2, |_| Some(key())) {
            Ok(step) => assert!(step.session.is_none() && step.send.is_empty() && bit < 32, "bit {bit}"),
            Err(Error::NotThisLogin(_)) => assert!(bit < 10 * 8, "bit {bit}"),
            Err(Error::ClientUnproven { .. }) => assert!(bit >= 10 * 8, "bit {bit}"),
            Err(error) => panic!("bit {bit}: {error}"),
        }
    }
}

#[test]
fn no_bit_of_m3_may_change() {
    for bit in 0..8 * 41 {
        let (mut client, (mut server, m1)) = (alice(), server());
        let m2 = client.feed(&m1).unwrap().send;
        let mut m3 = server.feed_with(&m2, alice_only).unwrap().send;
        m3[bit / 8] ^= 0x80 >> (bit % 8);
        match client.feed(&m3) {
            Ok(step) => assert!(step.session.is_none() && bit < 32, "bit {bit}"),
            Err(Error::NotThisLogin(_)) => assert!(bit < 9 * 8, "bit {bit}"),
            Err(Error::ServerUnproven) => assert!(bit >= 9 * 8, "bit {bit}"),
            Err(error) => panic!("bit {bit}: {error}"),
        }
    }
}

#[test]
fn a_tag_of_another_length_is_refused() {
    for length in [0, 1, 31, 33, 64] {
        let tag = |right: &[u8; 32]| right.iter().cycle().take(length).copied().collect::<Vec<_>>();

        let (mut server, m1) = server();
        let m2 = opening(2, "alice", &[7; 32]);
        let login = Login::new(&PSK, &m1[4..], &m2);
        let result = server.feed_with(&framed(&[m2, tag(&login.tag_c)].concat()), alice_only);
        assert!(matches!(result, Err(Error::NotThisLogin(_))), "{length}: {result:?}");

        let m1 = opening(1, SERVICE, &[9; 32]);
        let mut client = alice();
        let m2 = client.feed(&framed(&m1)).unwrap().send;
        let login = Login::new(&PSK, &m1, &m2[4..m2.len() - 32]);
        let result = client.feed(&framed(&[b"SBF1\x03", &tag(&login.tag_s)[..]].concat()));
        assert!(matches!(result, Err(Error::NotThisLogin(_))), "{length}: {result:?}");
    }
}

#[test]
fn a_tag_of_zeros_or_of_ones_is_refused() {
    for byte in [0, 0xff] {
        let (mut server, m1) = server();
        let m2 = [opening(2, "alice", &[7; 32]), vec![byte; 32]].concat();
        unproven(server.feed_with(&framed(&m2), alice_only));

        let mut client = alice();
        client.feed(&m1).unwrap();
        let result = client.feed(&framed(&[b"SBF1\x03", &[byte; 32][..]].concat()));
        assert!(matches!(result, Err(Error::ServerUnproven)), "{result:?}");
    }
}

#[test]
fn a_wrong_key_and_an_unknown_identity_look_the_same_to_the_peer() {
    let (mut known, m1) = server();
    let (m2, _) = by_hand(&m1, "alice", &[1; 32]);
    let wrong = known.feed_with(&m2, alice_only);
    assert!(matches!(&wrong, Err(Error::ClientUnproven { identity, known: true }) if identity == "alice"), "{wrong:?}");

    let (mut unknown, m1) = server();
    let (m2, _) = by_hand(&m1, "mallory", &PSK);
    let stranger = unknown.feed_with(&m2, alice_only);
    assert!(matches!(&stranger, Err(Error::ClientUnproven { known: false, .. })), "{stranger:?}");
    // Neither gave anything to send; the driver sends the one refusal for both, see the socket tests.

    let mut client = alice();
    client.feed(&m1).unwrap();
    assert!(matches!(client.feed(&REFUSAL), Err(Error::Refused)));
    assert_eq!(REFUSAL[..], framed(b"SBF1\x15"));
}

#[test]
fn a_refusal_in_place_of_m1_means_that_the_server_is_full() {
    let mut client = alice();
    assert!(client.feed(&REFUSAL[..8]).unwrap().send.is_empty());
    let result = client.feed(&REFUSAL[8..]);
    assert!(matches!(result, Err(Error::Busy)), "{result:?}");
    let error = std::io::Error::from(result.unwrap_err());
    assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
    assert!(error.to_string().contains("the server is full") && !error.to_string().contains("key"), "{error}");
    assert!(matches!(client.feed(&server().1), Err(Error::Over)));
}

/// M2 of the client with this key, for a server that has said M1.
fn m2_with(m1: &[u8], psk: [u8; 32]) -> Vec<u8> {
    Client::new(SERVICE, "alice", &Key::from_bytes(&psk)).unwrap().feed(m1).unwrap().send
}

#[test]
fn during_a_change_of_keys_both_open_and_no_third_one() {
    let (old, new) = ([1; 32], [2; 32]);
    let both = || Keyring::from([Key::from_bytes(&old), Key::from_bytes(&new)]);
    for (number, psk) in [old, new].into_iter().enumerate() {
        let (mut server, m1) = server();
        let mut client = Client::new(SERVICE, "alice", &Key::from_bytes(&psk)).unwrap();
        let m2 = client.feed(&m1).unwrap().send;
        let step = server.feed_with(&m2, |_| both()).unwrap();
        assert_eq!(step.session.as_ref().unwrap().key_number, number);
        talks(client.feed(&step.send).unwrap().session.unwrap(), step.session.unwrap());
    }
    let (mut third, m1) = server();
    let result = third.feed_with(&m2_with(&m1, [3; 32]), |_| both());
    assert!(matches!(result, Err(Error::ClientUnproven { known: true, .. })), "{result:?}");
    let (mut after, m1) = server();
    unproven(after.feed_with(&m2_with(&m1, old), |_| Some(Key::from_bytes(&new))));
    // The same key twice is one key, and no keys are none.
    let (mut twice, m1) = server();
    assert!(
        twice.feed_with(&m2_with(&m1, old), |_| Keyring::from([Key::from_bytes(&old), Key::from_bytes(&old)])).is_ok()
    );
    let (mut none, m1) = server();
    let result = none.feed_with(&m2_with(&m1, old), |_| Keyring::none());
    assert!(matches!(result, Err(Error::ClientUnproven { known: false, .. })), "{result:?}");
}

#[test]
fn the_key_may_come_later_and_what_comes_meanwhile_is_kept_within_limits() {
    let (mut server, m1) = server();
    let (m2, login) = by_hand(&m1, "alice", &PSK);
    let wire = [&m2[..], &record(&login.to_server, 0, 0, b"hel")].concat();
    let (front, back) = wire.split_at(m2.len() + 5);
    assert_eq!(server.feed(front).unwrap().as_deref(), Some("alice"));
    assert_eq!(server.feed(back).unwrap(), None, "the identity is given once");
    assert_eq!(server.feed(b"").unwrap(), None);
    let mut session = server.key(key()).unwrap().session.unwrap();
    assert_eq!(session.receive.record().unwrap(), Some(Record::Data(b"hel")));
    assert!(matches!(server.key(key()), Err(Error::Over)), "only once");

    let (mut server, m1) = self::server();
    server.feed(&by_hand(&m1, "alice", &PSK).0).unwrap();
    assert!(server.feed(&[0; LOGIN_MAXIMUM]).is_ok());
    assert!(matches!(server.feed(&[0]), Err(Error::NotThisLogin(_))), "a stranger makes nobody keep more");
    assert!(matches!(server.key(key()), Err(Error::Over)));
}

#[test]
fn a_lookup_that_fails_is_told_to_this_side_alone() {
    let (mut server, m1) = server();
    let result = server.feed_with(&by_hand(&m1, "alice", &PSK).0, |_| Err::<Key, _>("the database is down"));
    let error = result.unwrap_err();
    assert!(matches!(&error, Error::Lookup { identity, .. } if identity == "alice"), "{error:?}");
    assert!(error.to_string().contains("the database is down"), "{error}");
    assert!(matches!(server.key(key()), Err(Error::Over)), "the login is over");
    // One that works may say so in the same way.
    let (mut server, m1) = self::server();
    let found = |_: &str| Ok::<_, std::io::Error>(Some(key()));
    assert!(server.feed_with(&by_hand(&m1, "alice", &PSK).0, found).unwrap().session.is_some());
}

#[test]
fn a_peer_that_is_client_and_server_under_one_key_can_be_led_to_itself() {
    // Selfie (RFC 9257, section 4): no attack on the proofs, which only carry from one end to the other. The peer wanted
    // Bob, and its own server answered. That it is its own is not in the protocol; the two services are.
    let (mut own_server, m1) = server();
    let mut own_client = alice();
    let m2 = own_client.feed(&m1).unwrap().send;
    let step = own_server.feed_with(&m2, alice_only).unwrap();
    talks(own_client.feed(&step.send).unwrap().session.unwrap(), step.session.unwrap());

    // Against it: a key for each direction, or a service for each.
    let (mut own_server, m1) = server();
    unproven(own_server.feed_with(&m2_with(&m1, [7; 32]), alice_only));
    let (_, m1) = Server::new("this peer's own service").unwrap();
    assert!(matches!(alice().feed(&m1), Err(Error::OtherService { .. })));
}

#[test]
fn an_identity_that_is_no_text_is_unknown() {
    let (mut server, m1) = server();
    let m2 = [b"SBF1\x02\x02\xff\xfe", &[7; 32][..]].concat();
    let login = Login::new(&PSK, &m1[4..], &m2);
    // It is shown with replacement characters, and even the right key for them does not open.
    assert_eq!(server.feed(&framed(&[&m2[..], &login.tag_c].concat())).unwrap().unwrap(), "\u{fffd}\u{fffd}");
    let result = server.key(key());
    assert!(matches!(result, Err(Error::ClientUnproven { known: false, .. })), "{result:?}");
}

#[test]
fn a_swapped_identity_is_refused_even_with_the_same_key() {
    let (mut server, m1) = server();
    let mut m2 = alice().feed(&m1).unwrap().send;
    m2[10..15].copy_from_slice(b"admin");
    unproven(server.feed_with(&m2, |_| Some(key())));
}

#[test]
fn another_service_gets_no_answer() {
    let (_, m1) = Server::new("lesson-07").unwrap();
    let mut client = alice();
    let result = client.feed(&m1);
    assert!(matches!(&result, Err(Error::OtherService { got }) if got == "lesson-07"), "{result:?}");
    assert!(matches!(client.feed(&server().1), Err(Error::Over)));
}

#[test]
fn a_login_carried_to_another_service_is_refused() {
    // The rogue tells the client that the service is the one it wants.
    let (mut other, mut m1) = Server::new("lesson-07").unwrap();
    m1[10..19].copy_from_slice(b"lesson-06");
    let m2 = alice().feed(&m1).unwrap().send;
    unproven(other.feed_with(&m2, |_| Some(key())));
}

#[test]
fn nothing_recorded_is_of_use_again() {
    let (mut client, (mut server, m1)) = (alice(), server());
    let m2 = client.feed(&m1).unwrap().send;
    let m3 = server.feed_with(&m2, alice_only).unwrap().send;
    assert!(client.feed(&m3).unwrap().session.is_some());

    let (mut again, _) = self::server();
    unproven(again.feed_with(&m2, alice_only));
    let mut again = alice();
    again.feed(&m1).unwrap();
    assert!(matches!(again.feed(&m3), Err(Error::ServerUnproven)));
}

#[test]
fn what_a_side_said_proves_nothing_to_itself() {
    let (_, m1) = server();
    let mut client = alice();
    let m2 = client.feed(&m1).unwrap().send;
    let tag_c = &m2[m2.len() - 32..];
    let result = client.feed(&framed(&[b"SBF1\x03", tag_c].concat()));
    assert!(matches!(result, Err(Error::ServerUnproven)), "its own proof: {result:?}");

    for reflected in [&m1, &m2] {
        let mut client = alice();
        client.feed(&m1).unwrap();
        let result = client.feed(reflected);
        assert!(matches!(result, Err(Error::NotThisLogin(_))), "a whole message: {result:?}");
    }
    let (mut server, m1) = server();
    assert!(matches!(server.feed_with(&m1, alice_only), Err(Error::NotThisLogin(_))));
}

#[test]
fn an_echoed_nonce_helps_nobody() {
    // A rogue client says the server's nonce back, and answers with what a real client says to that nonce.
    let (mut server, m1) = server();
    let nonce_s = &m1[m1.len() - 32..];
    let overheard = alice().feed(&m1).unwrap().send;
    let m2 = [&opening(2, "alice", nonce_s)[..], &overheard[overheard.len() - 32..]].concat();
    unproven(server.feed_with(&framed(&m2), alice_only));

    // A rogue server gives a second client the first one's nonce, and answers the first with what the second says.
    let mut first = alice();
    let m2 = first.feed(&m1).unwrap().send;
    let echoed = framed(&opening(1, SERVICE, &m2[15..47]));
    let answer = alice().feed(&echoed).unwrap().send;
    let m3 = framed(&[b"SBF1\x03", &answer[answer.len() - 32..]].concat());
    assert!(matches!(first.feed(&m3), Err(Error::ServerUnproven)));
}

#[test]
fn announcements_are_refused_at_the_fourth_byte() {
    for announced in [257u32, 65_536, u32::MAX] {
        let (mut server, m1) = server();
        let header = announced.to_be_bytes();
        assert!(server.feed_with(&header[..3], alice_only).unwrap().session.is_none());
        assert!(matches!(server.feed_with(&header[3..], alice_only), Err(Error::NotThisLogin(_))));
        assert!(matches!(server.feed_with(b"more", alice_only), Err(Error::Over)));

        let mut client = alice();
        assert!(matches!(client.feed(&header), Err(Error::NotThisLogin(_))));
        assert!(matches!(client.feed(&m1), Err(Error::Over)));
        let mut client = alice();
        client.feed(&m1).unwrap();
        assert!(matches!(client.feed(&header), Err(Error::NotThisLogin(_))));
    }
}

#[test]
fn messages_that_are_not_of_this_login() {
    let right = |kind: u8, name: &str| opening(kind, name, &[7; 32]);
    let mut wrong = vec![
        vec![],
        b"SBF1".to_vec(),
        b"SBF1\x01".to_vec(),
        b"SBF1\x02".to_vec(),
        b"SBF2\x02\x05alice".to_vec(),
        b"hello, is this the echo server?".to_vec(),
        vec![0; 256],
        [right(2, "alice"), vec![0; 33]].concat(), // a byte too many
        [right(3, "alice"), vec![0; 32]].concat(),
        [right(2, ""), vec![0; 32]].concat(),
        [right(2, &"x".repeat(IDENTITY_MAXIMUM + 1)), vec![0; 32]].concat(),
    ];
    let mut long_name = [right(2, "alice"), vec![0; 32]].concat();
    long_name[5] = 6; // reaches into the nonce
    wrong.push(long_name);
    for message in wrong {
        let (mut server, _) = server();
        let result = server.feed(&framed(&message));
        assert!(matches!(result, Err(Error::NotThisLogin(_))), "{message:?}: {result:?}");
    }
    let long = [opening(1, SERVICE, &[7; 32]), vec![0]].concat();
    for message in [&b""[..], b"SBF1", b"SBF1\x01", b"SBF1\x16", b"SBF1\x15\0", b"220 ready", &long] {
        let result = alice().feed(&framed(message));
        assert!(matches!(result, Err(Error::NotThisLogin(_))), "{message:?}: {result:?}");
    }
}

#[test]
fn a_service_has_1_to_32_bytes_and_an_identity_1_to_64() {
    let (longest_service, longest) = ("x".repeat(SERVICE_MAXIMUM), "y".repeat(IDENTITY_MAXIMUM));
    assert_eq!((longest_service.len(), longest.len()), (32, 64));
    let uuid = "5f0c3c1e-7b7e-4b0e-9d53-2a6f0c9e1b44";
    for (service, identity) in [("x", "y"), (&longest_service[..], &longest[..]), (SERVICE, uuid)] {
        let (mut server, m1) = Server::new(service).unwrap();
        let mut client = Client::new(service, identity, &key()).unwrap();
        let m2 = client.feed(&m1).unwrap().send;
        assert!(m1.len().max(m2.len()) <= 4 + LOGIN_MAXIMUM);
        assert_eq!(server.feed_with(&m2, |_| Some(key())).unwrap().session.unwrap().identity, identity);
    }
    // 17 letters of two bytes each.
    for (service, length) in [("", 0), (&"x".repeat(33)[..], 33), (&"\u{e9}".repeat(17), 34)] {
        let is = |error| assert!(matches!(error, Some(Error::Name { length: l, longest: 32 }) if l == length));
        is(Server::new(service).err());
        is(Client::new(service, "alice", &key()).err());
    }
    for (identity, length) in [("", 0), (&"x".repeat(65)[..], 65), (&"x".repeat(300)[..], 300)] {
        let error = Client::new(SERVICE, identity, &key()).err();
        assert!(matches!(error, Some(Error::Name { length: l, longest: 64 }) if l == length), "{error:?}");
    }
    // And what a peer says is held to the same.
    let m1 = framed(&opening(1, &"x".repeat(33), &[7; 32]));
    assert!(matches!(alice().feed(&m1), Err(Error::NotThisLogin(_))));
}

#[test]
fn a_login_happens_once() {
    let (mut client, (mut server, m1)) = (alice(), server());
    let m2 = client.feed(&m1).unwrap().send;
    let m3 = server.feed_with(&m2, alice_only).unwrap().send;
    assert!(client.feed(&m3).unwrap().session.is_some());
    assert!(matches!(server.feed_with(&m2, alice_only), Err(Error::Over)));
    assert!(matches!(client.feed(&m3), Err(Error::Over)));

    // Nor does a failed one go on.
    let (mut server, m1) = self::server();
    let m2 = alice().feed(&m1).unwrap().send;
    assert!(server.feed_with(&framed(b"nonsense"), alice_only).is_err());
    assert!(matches!(server.feed_with(&m2, alice_only), Err(Error::Over)));
}

#[test]
fn nothing_secret_is_shown() {
    let (mut client, (mut server, m1)) = (alice(), server());
    let m2 = client.feed(&m1).unwrap().send;
    let waiting = format!("{client:?} {server:?} {:?}", key());
    let step = server.feed_with(&m2, alice_only).unwrap();
    let login = Login::new(&PSK, &m1[4..], &m2[4..m2.len() - 32]);
    let shown = format!("{waiting} {:?} {:?}", step.session, alice().feed(&framed(b"no")));
    for secret in [&PSK, &login.to_client, &login.to_server] {
        // As an array, and as hex.
        assert!(!shown.contains(&format!("{:?}", secret)[1..30]), "{shown}");
        let hex: String = secret[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.to_lowercase().contains(&hex), "{shown}");
    }
}
