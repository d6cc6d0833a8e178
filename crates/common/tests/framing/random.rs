//! Random streams, cut at random, against the reference.

use common::framing::{encode, write_frame};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reference::{
    Ending, by_decoder, by_frames, by_need, by_read_frame, by_read_from, by_reference, by_split_frame, cut,
};
use crate::script::Script;

fn payloads() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let length = prop_oneof![4 => 0..10usize, 4 => 0..300usize, 1 => 8_100..8_300usize, 1 => 0..40_000usize];
    vec(length.prop_flat_map(|length| vec(any::<u8>(), length)), 0..8)
}

/// Bytes that often are headers of short frames, and now and then anything.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let header = (0..40u32).prop_map(|length| length.to_be_bytes().to_vec());
    let anything = vec(any::<u8>(), 0..50);
    vec(prop_oneof![3 => header, 2 => anything], 0..20).prop_map(|parts| parts.concat())
}

fn agree(stream: &[u8], places: &[usize], maximum: usize) {
    let expected = by_reference(stream, maximum);
    let pieces = cut(stream, places);
    assert!(by_decoder(pieces.clone(), maximum) == expected);
    assert!(by_need(stream, maximum) == expected);
    assert!(by_split_frame(stream, maximum) == expected);
    assert!(by_read_from(&mut Script::pieces(pieces.clone()), maximum) == expected);
    assert!(by_read_from(&mut &stream[..], maximum) == expected);
    assert!(by_frames(Script::slow(pieces.clone()), maximum) == expected);
    assert!(by_frames(stream, maximum) == expected);
    assert!(by_read_frame(&mut Script::pieces(pieces), maximum) == expected);
    assert!(by_read_frame(&mut &stream[..], maximum) == expected);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_sent_arrives_however_it_is_cut(
        payloads in payloads(),
        places in vec(0..100_000usize, 0..30),
    ) {
        let mut wire = Vec::new();
        for payload in &payloads {
            write_frame(&mut wire, payload, 40_000).unwrap();
        }
        let expected = (payloads, Ending::Closed);
        prop_assert!(by_reference(&wire, 40_000) == expected);
        agree(&wire, &places, 40_000);
        let near: Vec<usize> = places.iter().map(|place| place % (wire.len() + 1)).collect();
        agree(&wire, &near, 40_000);
    }

    #[test]
    fn what_was_cut_off_is_the_beginning_and_an_error(
        payloads in payloads(),
        end in any::<prop::sample::Index>(),
    ) {
        let frames = payloads.iter().map(|payload| encode(payload, 40_000).unwrap());
        let wire: Vec<u8> = frames.flatten().collect();
        let stream = &wire[..end.index(wire.len() + 1)];
        agree(stream, &[], 40_000);
        let (frames, ending) = by_decoder([stream], 40_000);
        prop_assert!(payloads.starts_with(&frames));
        let whole: usize = frames.iter().map(|frame| 4 + frame.len()).sum();
        prop_assert_eq!(ending == Ending::Closed, whole == stream.len());
    }

    #[test]
    fn any_bytes_give_what_the_reference_gives(
        stream in noise(),
        places in vec(0..600usize, 0..40),
        maximum in 0..60usize,
    ) {
        agree(&stream, &places, maximum);
        agree(&stream, &places, usize::MAX);
    }
}
