//! The maximum: at it, above it, and lengths that other languages read as negative.

use common::framing::{Decoder, Error, encode, encode_into, read_frame, write_frame};

use crate::reference::{Ending, by_decoder, by_frames, by_need, by_read_frame, by_split_frame, end, ending};

#[test]
fn each_length_against_each_maximum() {
    for length in 0..=20usize {
        let frame = encode(&vec![7; length], length).unwrap();
        for maximum in 0..=2 * length + 1 {
            let expected = if length <= maximum {
                (vec![vec![7; length]], Ending::Closed)
            } else {
                (vec![], Ending::TooLong { length: length as u64, maximum })
            };
            assert_eq!(by_decoder([&frame[..]], maximum), expected);
            assert_eq!(by_decoder(frame.chunks(1), maximum), expected);
            assert_eq!(by_need(&frame, maximum), expected);
            assert_eq!(by_split_frame(&frame, maximum), expected);
            assert_eq!(by_frames(&frame[..], maximum), expected);
            assert_eq!(by_read_frame(&mut &frame[..], maximum), expected);
        }
    }
}

#[test]
fn lengths_with_the_top_bit_set_are_large_and_not_negative() {
    let around_minus_one = (0..10).map(|k| u32::MAX - k);
    let around_the_bit = [0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xff00_0000];
    for length in around_minus_one.chain(around_the_bit) {
        let wire = [&length.to_be_bytes()[..], b"hello"].concat();
        for maximum in [0, 5, 0x7fff_fffd] {
            let refused = (vec![], Ending::TooLong { length: length.into(), maximum });
            assert_eq!(by_decoder([&wire[..]], maximum), refused);
            assert_eq!(by_read_frame(&mut &wire[..], maximum), refused);
            assert_eq!(by_split_frame(&wire, maximum), refused);
            assert_eq!(by_frames(&wire[..], maximum), refused);
        }
        // Without a maximum that is worth the name it is a very long frame, of which five bytes came.
        let want = 4usize.saturating_add(length as usize);
        let cut_off = (vec![], Ending::Truncated { got: 9, want });
        assert_eq!(by_decoder([&wire[..]], usize::MAX), cut_off);
        assert_eq!(by_read_frame(&mut &wire[..], usize::MAX), cut_off);
        assert_eq!(by_split_frame(&wire, usize::MAX), cut_off);
        assert_eq!(by_frames(&wire[..], usize::MAX), cut_off);
    }
}

#[test]
fn a_refusal_comes_with_the_header_not_with_the_payload() {
    let mut decoder = Decoder::new(4);
    decoder.feed(b"\0\0\0");
    assert!(matches!(decoder.frame(), Ok(None)));
    assert_eq!(decoder.needs(), 1);
    decoder.feed(b"\x05");
    assert_eq!(decoder.needs(), 0);
    assert!(matches!(decoder.frame(), Err(Error::TooLong { length: 5, maximum: 4 })));

    let mut reader = &b"\0\0\0\x05hello"[..];
    assert!(matches!(read_frame(&mut reader, 4), Err(Error::TooLong { length: 5, maximum: 4 })));
    assert_eq!(reader, b"hello");
}

#[test]
fn frames_before_a_refused_one_are_delivered_and_none_after_it() {
    // The payload of the refused frame holds a whole frame, chosen by the sender.
    let wire = b"\0\0\0\x02ok\0\0\0\0\0\0\0\x08\0\0\0\x04evil\0\0\0\x02no";
    let expected = (vec![b"ok".to_vec(), vec![]], Ending::TooLong { length: 8, maximum: 4 });
    assert_eq!(by_decoder([&wire[..]], 4), expected);
    assert_eq!(by_decoder(wire.chunks(1), 4), expected);
    assert_eq!(by_read_frame(&mut &wire[..], 4), expected);
    assert_eq!(by_split_frame(wire, 4), expected);
    assert_eq!(by_frames(&wire[..], 4), expected);
}

#[test]
fn what_an_end_would_mean_is_known_before_the_frames_are_taken() {
    let mut decoder = Decoder::new(4);
    decoder.feed(b"\0\0\0\x02ok\0\0\0\0");
    assert_eq!(end(&decoder), Ending::Closed);
    decoder.feed(b"\0\0\0\x03no");
    assert_eq!(end(&decoder), Ending::Truncated { got: 6, want: 7 });
    decoder.feed(b"t\0\0\0\x05");
    assert_eq!(end(&decoder), Ending::TooLong { length: 5, maximum: 4 });
    assert_eq!(decoder.frame().unwrap(), Some(&b"ok"[..]));
}

#[test]
fn what_is_too_long_to_send_is_not_sent() {
    let mut wire = b"before".to_vec();
    let refused = write_frame(&mut wire, b"hello", 4).unwrap_err();
    assert_eq!(ending(refused), Ending::TooLong { length: 5, maximum: 4 });
    assert_eq!(ending(encode(b"hello", 4).unwrap_err()), Ending::TooLong { length: 5, maximum: 4 });
    assert_eq!(ending(encode_into(b"hello", 4, &mut wire).unwrap_err()), Ending::TooLong { length: 5, maximum: 4 });
    assert_eq!(wire, b"before");

    write_frame(&mut wire, b"hell", 4).unwrap();
    write_frame(&mut wire, b"", 0).unwrap();
    assert_eq!(wire, b"before\0\0\0\x04hell\0\0\0\0");
}
