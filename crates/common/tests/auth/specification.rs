//! The specification is true: its golden values are those of the reference, its sizes those of the library.

use std::fs;
use std::path::Path;

use common::auth::{IDENTITY_MAXIMUM, LOGIN_MAXIMUM, LOGIN_TIME, RECORD_MAXIMUM, REFUSAL, SERVICE_MAXIMUM, TAG};
use sha2::{Digest, Sha256};

use crate::reference::{Login, SERVICE, opening, record};

/// The specification, without line ends of Windows. `None` where this crate was taken without the documents around it.
fn specification() -> Option<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let text =
        docs.exists().then(|| fs::read_to_string(docs.join("auth-protocol.md")).expect("it is among the documents"));
    text.map(|text| text.replace("\r\n", "\n"))
}

/// The block of golden values for an identity, as it is printed.
fn golden(identity: &str) -> String {
    let counting = |first: u8| -> [u8; 32] { std::array::from_fn(|place| first + place as u8) };
    let m1 = opening(1, SERVICE, &counting(0x20));
    let m2 = opening(2, identity, &counting(0x40));
    let login = Login::new(&counting(0), &m1, &m2);
    let length = |message: &[u8]| (message.len() as u32).to_be_bytes();
    let transcript = Sha256::digest([&length(&m1), &m1[..], &length(&m2), &m2].concat());
    let tag_of = |record: Vec<u8>| record[record.len() - TAG..].to_vec();
    let values = [
        ("TH", transcript.to_vec()),
        ("tag_c", login.tag_c.to_vec()),
        ("tag_s", login.tag_s.to_vec()),
        ("to server, seq 0, data \"hello\"", tag_of(record(&login.to_server, 0, 0, b"hello"))),
        ("to server, seq 1, end", tag_of(record(&login.to_server, 1, 1, b""))),
        ("to client, seq 0, data \"HELLO\"", tag_of(record(&login.to_client, 0, 0, b"HELLO"))),
    ];
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines = values.into_iter().map(|(name, value)| format!("{name:30} {}\n", hex(value)));
    let sizes = format!("M2 has {} bytes:\n\n", m2.len() + TAG);
    format!("{sizes}```text\n{}```\n", lines.collect::<String>())
}

#[test]
fn the_golden_values_are_right() {
    let Some(text) = specification() else { return };
    for identity in ["alice", &"0123456789abcdef".repeat(4)] {
        let block = golden(identity);
        assert!(text.contains(&block), "the specification lacks\n{block}");
    }
    assert!(text.contains(&format!("M1 has {} bytes", opening(1, SERVICE, &[0; 32]).len())));
}

#[test]
fn the_sizes_are_those_of_the_library() {
    let Some(text) = specification() else { return };
    let longest_m2 = opening(2, &"x".repeat(IDENTITY_MAXIMUM), &[0; 32]).len() + TAG;
    for said in [
        format!("\"SBF1\" 01  u8 n(1..{SERVICE_MAXIMUM})  service[n]"),
        format!("\"SBF1\" 02  u8 n(1..{IDENTITY_MAXIMUM})  identity[n]"),
        format!("a payload has at most {LOGIN_MAXIMUM} bytes"),
        format!("{longest_m2} bytes at most, less than the {LOGIN_MAXIMUM} of old"),
        format!("n <= {RECORD_MAXIMUM}"),
        format!("tag[{TAG}]"),
        format!("One deadline, {} s from `accept`", LOGIN_TIME.as_secs()),
        format!("the refusal  \"SBF1\" {:x}", REFUSAL[8]),
    ] {
        assert!(text.contains(&said), "the specification lacks {said:?}");
    }
}
