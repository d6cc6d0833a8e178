//! TCP may cut a stream anywhere, and a peer may die anywhere.

use std::io::ErrorKind;

use common::framing::{Decoder, Error, Frames, read_frame};

use crate::reference::{
    Ending, by_decoder, by_frames, by_need, by_read_frame, by_read_from, by_reference, by_split_frame, cut,
};
use crate::script::Script;

/// Three frames in 16 bytes: "hi", the empty one, and two zeros, which could be the beginning of a header.
const SHORT: &[u8; 16] = b"\0\0\0\x02hi\0\0\0\0\0\0\0\x02\0\0";

#[test]
fn every_way_to_cut_16_bytes() {
    let expected = (vec![b"hi".to_vec(), vec![], vec![0, 0]], Ending::Closed);
    // Bit n of the number: a cut after byte n.
    for cuts in 0u32..1 << (SHORT.len() - 1) {
        let places: Vec<usize> = (1..SHORT.len()).filter(|place| cuts >> (place - 1) & 1 == 1).collect();
        let pieces = cut(SHORT, &places);
        assert_eq!(pieces.len(), places.len() + 1);
        assert_eq!(by_read_frame(&mut Script::pieces(pieces.iter().copied()), 100), expected, "cut at {places:?}");
        assert_eq!(by_read_from(&mut Script::pieces(pieces.iter().copied()), 100), expected, "cut at {places:?}");
        assert_eq!(by_frames(Script::slow(pieces.iter().copied()), 100), expected, "cut at {places:?}");
        assert_eq!(by_decoder(pieces, 100), expected, "cut at {places:?}");
    }
}

/// The end of this stream at each of its bytes, written down by hand for [`SHORT`].
fn ending_after(count: usize) -> Ending {
    match count {
        0 | 6 | 10 | 16 => Ending::Closed,
        1..=3 => Ending::Truncated { got: count, want: 4 },
        4..=5 => Ending::Truncated { got: count, want: 6 },
        7..=9 => Ending::Truncated { got: count - 6, want: 4 },
        11..=13 => Ending::Truncated { got: count - 10, want: 4 },
        14..=15 => Ending::Truncated { got: count - 10, want: 6 },
        _ => unreachable!(),
    }
}

#[test]
fn the_end_of_the_stream_at_every_byte() {
    for count in 0..=SHORT.len() {
        let stream = &SHORT[..count];
        let frames = [6, 10, 16].iter().filter(|end| count >= **end).count();
        let frames = [b"hi".to_vec(), vec![], vec![0, 0]][..frames].to_vec();
        let expected = (frames, ending_after(count));
        assert_eq!(by_reference(stream, 100), expected, "end after {count} bytes");
        assert_eq!(by_decoder([stream], 100), expected, "end after {count} bytes");
        assert_eq!(by_decoder(stream.chunks(1), 100), expected, "end after {count} bytes");
        assert_eq!(by_need(stream, 100), expected, "end after {count} bytes");
        assert_eq!(by_split_frame(stream, 100), expected, "end after {count} bytes");
        assert_eq!(by_read_from(&mut &stream[..], 100), expected, "end after {count} bytes");
        assert_eq!(by_frames(stream, 100), expected, "end after {count} bytes");
        assert_eq!(by_frames(Script::slow(stream.chunks(1)), 100), expected, "end after {count} bytes");
        assert_eq!(by_read_frame(&mut &stream[..], 100), expected, "end after {count} bytes");
        assert_eq!(by_read_frame(&mut Script::pieces(stream.chunks(1)), 100), expected, "end after {count} bytes");
    }
}

#[test]
fn a_header_and_then_the_end_is_cut_off() {
    // Both Python's multiprocessing and a well-known codec for Rust take this for an ordinary end.
    let expected = (vec![], Ending::Truncated { got: 4, want: 13 });
    assert_eq!(by_decoder([&b"\0\0\0\x09"[..]], 100), expected);
    assert_eq!(by_read_frame(&mut &b"\0\0\0\x09"[..], 100), expected);
}

#[test]
fn a_frame_longer_than_the_first_room_cut_everywhere_near_its_edges() {
    let payload: Vec<u8> = (0..20_000u32).map(|n| n as u8).collect();
    let wire = [&20_000u32.to_be_bytes()[..], &payload, b"\0\0\0\x01!"].concat();
    let expected = (vec![payload, b"!".to_vec()], Ending::Closed);
    for edge in [0, 4, 4 + 8 * 1024, 4 + 16 * 1024, 4 + 20_000, wire.len()] {
        for place in edge.saturating_sub(5)..=(edge + 5).min(wire.len()) {
            let pieces = cut(&wire, &[place]);
            assert!(by_decoder(pieces.clone(), 20_000) == expected, "cut at {place}");
            assert!(by_read_from(&mut Script::pieces(pieces.clone()), 20_000) == expected, "cut at {place}");
            assert!(by_frames(Script::slow(pieces.clone()), 20_000) == expected, "cut at {place}");
            assert!(by_read_frame(&mut Script::pieces(pieces), 20_000) == expected, "cut at {place}");
            // And the end of the stream there.
            let stream = &wire[..place];
            let ends = by_reference(stream, 20_000);
            assert!(by_decoder([stream], 20_000) == ends, "end after {place}");
            assert!(by_split_frame(stream, 20_000) == ends, "end after {place}");
            assert!(by_frames(stream, 20_000) == ends, "end after {place}");
            assert!(by_read_frame(&mut &stream[..], 20_000) == ends, "end after {place}");
        }
    }
}

#[test]
fn a_read_interrupted_by_a_signal_is_tried_again() {
    let script = SHORT.iter().fold(Script::default(), |script, byte| {
        script.error(ErrorKind::Interrupted).bytes(&[*byte]).error(ErrorKind::Interrupted)
    });
    let mut script = script.error(ErrorKind::Interrupted);
    assert_eq!(by_read_frame(&mut script, 100), (vec![b"hi".to_vec(), vec![], vec![0, 0]], Ending::Closed));
}

#[test]
fn other_errors_come_out_as_they_are_at_every_byte() {
    for kind in [ErrorKind::WouldBlock, ErrorKind::TimedOut, ErrorKind::ConnectionReset] {
        for count in 0..6 {
            let mut script = Script::pieces([&SHORT[..count]]).error(kind);
            match read_frame(&mut script, 100) {
                Err(Error::Io(error)) => assert_eq!(error.kind(), kind, "after {count} bytes"),
                other => panic!("after {count} bytes: {other:?}"),
            }
        }
    }
}

#[test]
fn after_a_timeout_read_frame_has_lost_its_place_and_the_others_have_not() {
    let wire = b"\0\0\0\x05hello\0\0\0\x02ok";
    let slow = || Script::default().bytes(&wire[..2]).error(ErrorKind::WouldBlock).bytes(&wire[2..]);

    // What the documentation warns of: the second call takes 00 05 68 65 for a header.
    let mut reader = slow();
    assert!(matches!(read_frame(&mut reader, 100), Err(Error::Io(_))));
    assert!(matches!(read_frame(&mut reader, 100), Err(Error::TooLong { length: 354_405, .. })));

    assert_eq!(by_frames(slow(), 100), (vec![b"hello".to_vec(), b"ok".to_vec()], Ending::Closed));

    let mut decoder = Decoder::new(100);
    let mut frames = Vec::new();
    let mut reader = slow();
    let mut some = [0; 7];
    loop {
        #[allow(clippy::disallowed_methods, reason = "any part will do: this is what a decoder is for")]
        match std::io::Read::read(&mut reader, &mut some) {
            Ok(0) => break,
            Ok(count) => decoder.feed(&some[..count]),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        while let Some(payload) = decoder.frame().unwrap() {
            frames.push(payload.to_vec());
        }
    }
    assert_eq!(frames, [b"hello".to_vec(), b"ok".to_vec()]);
    assert!(decoder.end().is_ok());
}

#[test]
fn a_byte_is_moved_a_few_times_and_not_once_for_each_frame_before_it() {
    // Many frames wait, and a byte arrives between any two that are taken. Were the rest moved up each time, 800 MB
    // would move for 160 KB. A move shows: the payload is not where the one before it would have it.
    const FRAMES: usize = 10_000;
    let frame = b"\0\0\0\x0c0123456789ab";
    let mut decoder = Decoder::new(100);
    decoder.feed(&frame.repeat(FRAMES));

    let (mut fed, mut taken, mut moved) = (FRAMES * frame.len(), 0, 0);
    let mut expected_at = None;
    while let Some(payload) = decoder.frame().unwrap() {
        assert_eq!(payload, b"0123456789ab");
        let at = payload.as_ptr().addr();
        if expected_at.is_some_and(|expected| expected != at) {
            moved += fed - taken;
        }
        expected_at = Some(at + frame.len());
        taken += frame.len();
        decoder.feed(&frame[fed % frame.len()..][..1]);
        fed += 1;
    }
    assert!(fed - taken < frame.len());
    assert!(moved > 0, "the buffer has to be tidied now and then");
    assert!(moved < 3 * fed, "{moved} bytes moved for {fed}");
}

#[test]
fn other_errors_come_out_of_frames_as_they_are_and_lose_nothing() {
    for kind in [ErrorKind::WouldBlock, ErrorKind::TimedOut, ErrorKind::ConnectionReset] {
        for count in 0..6 {
            let script = Script::pieces([&SHORT[..count]]).error(kind).bytes(&SHORT[count..]);
            let mut frames = Frames::new(script, 100);
            assert!(
                matches!(frames.next_frame(), Err(Error::Io(error)) if error.kind() == kind),
                "after {count} bytes"
            );
            assert_eq!(frames.next_frame().unwrap(), Some(&b"hi"[..]), "after {count} bytes");
        }
    }
}

#[test]
fn what_was_read_and_not_taken_is_there_for_the_next_protocol() {
    let mut frames = Frames::new(&b"\0\0\0\x02hi\0\0\0\0then something else"[..], 100);
    assert_eq!(frames.next_frame().unwrap(), Some(&b"hi"[..]));
    let (_, mut decoder) = frames.into_parts();
    assert_eq!(decoder.unread(), b"\0\0\0\0then something else");
    assert_eq!(decoder.frame().unwrap(), Some(&b""[..]));
    assert_eq!(decoder.unread(), b"then something else");
}

#[test]
fn a_reader_that_counts_wrong_is_an_error() {
    struct Liar;
    impl std::io::Read for Liar {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            Ok(into.len() + 1)
        }
    }
    assert!(matches!(read_frame(&mut Liar, 100), Err(Error::Io(_))));
    assert!(Decoder::new(100).read_from(&mut Liar).is_err());
}
