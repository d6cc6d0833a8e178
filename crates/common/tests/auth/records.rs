//! Records without a socket: nothing changes, goes, comes again or is added unnoticed.

use common::auth::{Error, RECORD_MAXIMUM, Record, RecordDecoder, Session};
use proptest::prelude::*;

use crate::login::{PSK, alice, logged_in};
use crate::reference::{Login, SERVICE, framed, opening, record};

/// What a decoder made of all it was fed: the bytes, and how it ended.
fn all(decoder: &mut RecordDecoder) -> (Vec<u8>, Result<(), Error>) {
    let mut bytes = Vec::new();
    loop {
        match decoder.record() {
            Ok(Some(Record::Data(payload))) => bytes.extend_from_slice(payload),
            Ok(Some(Record::End)) => {}
            Ok(None) => return (bytes, decoder.end()),
            Err(error) => return (bytes, Err(error)),
        }
    }
}

/// A session, and the key with which a server made by hand makes its records: also those that no encoder makes.
fn session_and_key() -> (Session, [u8; 32]) {
    let m1 = opening(1, SERVICE, &[9; 32]);
    let mut client = alice();
    let m2 = client.feed(&framed(&m1)).unwrap().send;
    let login = Login::new(&PSK, &m1, &m2[4..m2.len() - 32]);
    let step = client.feed(&framed(&[b"SBF1\x03", &login.tag_s[..]].concat())).unwrap();
    (step.session.unwrap(), login.to_client)
}

/// Makes bytes with the key of a direction.
type Maker = dyn Fn(&[u8; 32]) -> Vec<u8>;

/// Five records and the end.
fn six(session: &mut Session) -> Vec<Vec<u8>> {
    let mut records: Vec<_> =
        [&b"one"[..], b"", b"two", b"one", b"three"].iter().map(|text| session.send.data(text).unwrap()).collect();
    records.push(session.send.end().unwrap());
    records
}

#[test]
fn cut_at_every_byte_it_is_the_same_stream() {
    let (mut from, _) = logged_in();
    let length = six(&mut from).concat().len();
    for cut in 0..=length {
        let (mut from, mut to) = logged_in();
        let wire = six(&mut from).concat();
        to.receive.feed(&wire[..cut]);
        let mut got = Vec::new();
        while let Some(Record::Data(payload)) = to.receive.record().unwrap() {
            got.extend_from_slice(payload);
        }
        to.receive.feed(&wire[cut..]);
        let (rest, end) = all(&mut to.receive);
        assert_eq!([got, rest].concat(), b"onetwoonethree", "cut at {cut}");
        end.unwrap();
    }
}

#[test]
fn ended_at_any_byte_before_the_last_it_is_truncated() {
    let (mut from, _) = logged_in();
    let length = six(&mut from).concat().len();
    for count in 0..=length {
        let (mut from, mut to) = logged_in();
        to.receive.feed(&six(&mut from).concat()[..count]);
        let (bytes, end) = all(&mut to.receive);
        assert!(b"onetwoonethree".starts_with(&bytes));
        match end {
            Ok(()) => assert_eq!(count, length),
            Err(Error::Truncated) => assert!(count < length),
            Err(error) => panic!("{count}: {error}"),
        }
        if count < length {
            assert!(matches!(to.receive.record(), Err(Error::Over)));
        }
    }
}

#[test]
fn the_last_records_dropped_and_then_fin() {
    for dropped in 1..=6 {
        let (mut from, mut to) = logged_in();
        let records = six(&mut from);
        to.receive.feed(&records[..6 - dropped].concat());
        let (_, end) = all(&mut to.receive);
        assert!(matches!(end, Err(Error::Truncated)), "{dropped}: {end:?}");
    }
}

#[test]
fn no_bit_of_a_record_may_change() {
    let (mut from, _) = logged_in();
    let bits = 8 * from.send.data(b"hello").unwrap().len();
    for bit in 0..bits {
        let (mut from, mut to) = logged_in();
        let mut wire = from.send.data(b"hello").unwrap();
        wire[bit / 8] ^= 0x80 >> (bit % 8);
        // The rest of the stream, so that a longer length finds bytes.
        for _ in 0..2 {
            wire.extend(from.send.data(&[b'x'; RECORD_MAXIMUM]).unwrap());
        }
        to.receive.feed(&wire);
        let (bytes, end) = all(&mut to.receive);
        assert!(bytes.is_empty(), "bit {bit}");
        match end {
            Err(Error::BadRecord(_)) => assert!(bit < 32, "bit {bit}: a length that there is not"),
            Err(Error::BadTag) => {}
            other => panic!("bit {bit}: {other:?}"),
        }
        to.receive.feed(&from.send.data(b"more").unwrap());
        assert!(matches!(to.receive.record(), Err(Error::Over)), "poisoned");
    }
}

#[test]
fn dropped_doubled_and_swapped_records() {
    let orders: [&[usize]; 6] = [&[1, 2], &[0, 0], &[1, 0], &[0, 2], &[0, 1, 3, 2], &[0, 1, 2, 3, 3]];
    for order in orders {
        let (mut from, mut to) = logged_in();
        let records = six(&mut from);
        to.receive.feed(&order.iter().flat_map(|place| records[*place].clone()).collect::<Vec<_>>());
        let (_, end) = all(&mut to.receive);
        assert!(matches!(end, Err(Error::BadTag)), "{order:?}: {end:?}");
    }
}

#[test]
fn records_of_another_direction_or_connection() {
    let (mut one, _) = logged_in();
    let reflected = one.send.data(b"hello").unwrap();
    one.receive.feed(&reflected);
    assert!(matches!(one.receive.record(), Err(Error::BadTag)), "the side's own record");

    let (_, mut other) = logged_in();
    other.receive.feed(&reflected);
    assert!(matches!(other.receive.record(), Err(Error::BadTag)), "another connection's record");
}

#[test]
fn there_is_nothing_behind_the_end() {
    let (mut from, mut to) = logged_in();
    let records = six(&mut from).concat();
    assert!(matches!(from.send.data(b"more"), Err(Error::Over)));
    assert!(matches!(from.send.end(), Err(Error::Over)));
    to.receive.feed(&[&records[..], &records].concat());
    let (bytes, end) = all(&mut to.receive);
    assert_eq!(bytes, b"onetwoonethree");
    assert!(matches!(end, Err(Error::AfterEnd)), "{end:?}");

    // Made by who has the key, whole or not: still an error, in whatever pieces it comes.
    let more: [&Maker; 4] =
        [&|key| record(key, 1, 0, b"more"), &|key| record(key, 1, 1, b""), &|_| b"\0".to_vec(), &|_| {
            b"\xff\xff\xff\xff".to_vec()
        }];
    for (place, more) in more.into_iter().enumerate() {
        for apart in [false, true] {
            let (mut to, key) = session_and_key();
            to.receive.feed(&record(&key, 0, 1, b""));
            if apart {
                assert_eq!(to.receive.record().unwrap(), Some(Record::End));
                assert_eq!(to.receive.record().unwrap(), None);
            }
            to.receive.feed(&more(&key));
            let (_, end) = all(&mut to.receive);
            assert!(matches!(end, Err(Error::AfterEnd)), "{place}, {apart}: {end:?}");
            assert!(matches!(to.receive.record(), Err(Error::Over)));
        }
    }
}

#[test]
fn records_that_there_are_not() {
    let wrong: [&Maker; 6] = [
        &|key| record(key, 0, 2, b"hello"),       // no such type
        &|key| record(key, 0, 1, b"x"),           // an end with payload
        &|_| framed(b""),                         // no type, no tag
        &|_| framed(&[0; 32]),                    // a tag and no type
        &|_| b"\0\0\x40\x22".to_vec(),            // 16,418: one over the maximum, refused at its header
        &|_| b"\xff\xff\xff\xff and so".to_vec(), // 4 GiB
    ];
    for (place, wrong) in wrong.into_iter().enumerate() {
        let (mut to, key) = session_and_key();
        to.receive.feed(&wrong(&key));
        let result = to.receive.record();
        assert!(matches!(result, Err(Error::BadRecord(_))), "{place}: {result:?}");
        to.receive.feed(&record(&key, 1, 0, b"fine"));
        assert!(matches!(to.receive.record(), Err(Error::Over)));
    }
}

#[test]
fn from_nothing_to_16384_bytes_and_no_more() {
    let (mut from, mut to) = logged_in();
    let longest = vec![7; RECORD_MAXIMUM];
    assert!(matches!(from.send.data(&[7; RECORD_MAXIMUM + 1]), Err(Error::BadRecord(_))));
    for payload in [&b""[..], b"x", &longest, b""] {
        let wire = from.send.data(payload).unwrap();
        assert_eq!(wire.len(), 4 + 1 + payload.len() + 32);
        to.receive.feed(&wire);
        assert_eq!(to.receive.record().unwrap(), Some(Record::Data(payload)));
    }
    to.receive.feed(&from.send.end().unwrap());
    all(&mut to.receive).1.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_arrives_however_it_is_cut(
        texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..8),
        size in 1usize..200,
    ) {
        let (mut from, mut to) = logged_in();
        let mut wire: Vec<u8> = texts.iter().flat_map(|text| from.send.data(text).unwrap()).collect();
        wire.extend(from.send.end().unwrap());
        let mut got = Vec::new();
        for piece in wire.chunks(size) {
            to.receive.feed(piece);
            while let Some(Record::Data(payload)) = to.receive.record().unwrap() {
                got.extend_from_slice(payload);
            }
        }
        prop_assert_eq!(got, texts.concat());
        prop_assert!(to.receive.end().is_ok());
    }

    #[test]
    fn rubbish_is_never_delivered(rubbish in prop::collection::vec(any::<u8>(), 0..600), good in 0usize..3) {
        let (mut from, mut to) = logged_in();
        for _ in 0..good {
            to.receive.feed(&from.send.data(b"good").unwrap());
        }
        to.receive.feed(&rubbish);
        let (bytes, end) = all(&mut to.receive);
        prop_assert_eq!(bytes, b"good".repeat(good));
        prop_assert!(end.is_err());
    }
}
