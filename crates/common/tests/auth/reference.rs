//! The login written down once more, straight from its description and slow: what `common::auth` is compared with.

use common::framing::encode;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub(crate) const SERVICE: &str = "lesson-06";

pub(crate) fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().into()
}

pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    encode(message, 1 << 20).unwrap()
}

/// M1, or M2 without its tag.
pub(crate) fn opening(kind: u8, name: &str, nonce: &[u8]) -> Vec<u8> {
    [&b"SBF1"[..], &[kind, name.len() as u8], name.as_bytes(), nonce].concat()
}

/// All that follows from a key and the first two messages.
pub(crate) struct Login {
    pub(crate) tag_c: [u8; 32],
    pub(crate) tag_s: [u8; 32],
    pub(crate) to_server: [u8; 32],
    pub(crate) to_client: [u8; 32],
}

impl Login {
    pub(crate) fn new(psk: &[u8; 32], m1: &[u8], m2: &[u8]) -> Login {
        let length = |message: &[u8]| (message.len() as u32).to_be_bytes();
        let th: [u8; 32] = Sha256::digest([&length(m1), m1, &length(m2), m2].concat()).into();
        let prk = hmac(b"SBF1 HKDF-SHA256", psk);
        // HKDF-Expand to 32 bytes is one block, number 1 (RFC 5869, section 2.3).
        let derive = |label: &str| hmac(&prk, &[label.as_bytes(), &[0], &th, &[1]].concat());
        let tag_c = hmac(&derive("client finished"), &th);
        let tag_s = hmac(&derive("server finished"), &[th, tag_c].concat());
        Login { tag_c, tag_s, to_server: derive("client to server"), to_client: derive("server to client") }
    }
}

pub(crate) fn record(key: &[u8; 32], number: u64, kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = (1 + payload.len() + 32) as u32;
    let tagged = [&number.to_be_bytes(), &length.to_be_bytes()[..], &[kind], payload].concat();
    [&tagged[8..], &hmac(key, &tagged)].concat()
}

#[test]
fn the_reference_gives_the_golden_values() {
    let counting = |first: u8| -> [u8; 32] { std::array::from_fn(|place| first + place as u8) };
    let m1 = opening(1, SERVICE, &counting(0x20));
    let m2 = opening(2, "alice", &counting(0x40));
    let login = Login::new(&counting(0), &m1, &m2);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(&login.tag_c), "ba76aabd21ebfb0ad8d197224a0fd07f83b2c49bf4c01322245697df8f5e324c");
    assert_eq!(hex(&login.tag_s), "469102a1e5ae8a1afc74ef2a348dd84c49ee0ff2e278924961fe5931b2e107ee");
    let data = record(&login.to_server, 0, 0, b"hello");
    assert_eq!(hex(&data[10..]), "a469ea80efe156ae94b5ed0e3d052bbb1fefaad71ed5df31e6373a00505dba2d");
    let end = record(&login.to_server, 1, 1, b"");
    assert_eq!(hex(&end[5..]), "62243dff3a18c5c4a6697e45f179af913226df640f8f813eae2ae5a14aa2c167");
}
