//! Any bytes, cut anywhere: every way of reading frames against the reference of the tests.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/framing/reference.rs"]
mod reference;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/framing/script.rs"]
mod script;

use reference::{by_decoder, by_frames, by_need, by_read_frame, by_read_from, by_reference, by_split_frame, cut};

// Input: the maximum (2 bytes), the number of cuts (1 byte), the places of the cuts (1 byte each), the stream.
fuzz_target!(|input: &[u8]| {
    let [high, low, count, rest @ ..] = input else {
        return;
    };
    let maximum = usize::from(u16::from_be_bytes([*high, *low]));
    let count = usize::from(*count).min(rest.len());
    let (places, stream) = rest.split_at(count);
    let places: Vec<usize> = places.iter().map(|place| usize::from(*place)).collect();

    let expected = by_reference(stream, maximum);
    assert_eq!(by_decoder(cut(stream, &places), maximum), expected);
    assert_eq!(by_need(stream, maximum), expected);
    assert_eq!(by_read_frame(&mut script::Script::pieces(cut(stream, &places)), maximum), expected);
    assert_eq!(by_split_frame(stream, maximum), expected);
    assert_eq!(by_read_from(&mut script::Script::pieces(cut(stream, &places)), maximum), expected);
    assert_eq!(by_frames(script::Script::slow(cut(stream, &places)), maximum), expected);
    assert_eq!(by_decoder([stream], usize::MAX), by_reference(stream, usize::MAX));
});
