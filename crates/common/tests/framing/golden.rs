//! Bytes written by hand. A test that only decodes what it encoded itself would pass in any byte order.

use common::framing::{
    DEFAULT_MAXIMUM, Decoder, Error, Frames, HEADER, encode, encode_into, read_frame, split_frame, write_frame,
};

use crate::reference::{Ending, by_decoder, by_read_frame, by_reference};

/// Payload and frame.
fn frames() -> Vec<(Vec<u8>, Vec<u8>)> {
    let with_header = |header: &[u8], payload: Vec<u8>| (payload.clone(), [header, &payload].concat());
    vec![
        (b"".to_vec(), vec![0, 0, 0, 0]),
        (b"A".to_vec(), vec![0, 0, 0, 1, 0x41]),
        (b"hello".to_vec(), vec![0, 0, 0, 5, 0x68, 0x65, 0x6c, 0x6c, 0x6f]),
        // Bytes, not characters: four characters.
        ("价格¥9".as_bytes().to_vec(), vec![0, 0, 0, 9, 0xe4, 0xbb, 0xb7, 0xe6, 0xa0, 0xbc, 0xc2, 0xa5, 0x39]),
        // A payload that looks like frames.
        (vec![0, 0, 0, 0, 0, 0, 0, 9], vec![0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9]),
        (vec![b'\n', 0, 0xff, 0xfe], vec![0, 0, 0, 4, b'\n', 0, 0xff, 0xfe]),
        // Each byte of the header in turn.
        with_header(&[0, 0, 0, 0xff], vec![1; 255]),
        with_header(&[0, 0, 1, 0], vec![2; 256]),
        with_header(&[0, 0, 0xff, 0xff], vec![3; 65_535]),
        with_header(&[0, 1, 0, 0], vec![4; 65_536]),
        with_header(&[0, 1, 2, 3], vec![5; 66_051]),
        with_header(&[0, 0x80, 0, 0], vec![6; 8_388_608]),
    ]
}

#[test]
fn every_way_of_writing_gives_these_bytes() {
    for (payload, frame) in frames() {
        assert!(encode(&payload, DEFAULT_MAXIMUM).unwrap() == frame, "{} bytes", payload.len());
        let mut wire = Vec::new();
        write_frame(&mut wire, &payload, DEFAULT_MAXIMUM).unwrap();
        assert!(wire == frame, "{} bytes", payload.len());
        let mut wire = b"before".to_vec();
        encode_into(&payload, DEFAULT_MAXIMUM, &mut wire).unwrap();
        assert!(wire == [b"before", &frame[..]].concat(), "{} bytes", payload.len());
    }
}

#[test]
fn every_way_of_reading_takes_these_bytes() {
    for (payload, frame) in frames() {
        let mut reader = &frame[..];
        assert!(
            read_frame(&mut reader, DEFAULT_MAXIMUM).unwrap().as_ref() == Some(&payload),
            "{} bytes",
            payload.len()
        );
        assert!(reader.is_empty());
        assert!(read_frame(&mut reader, DEFAULT_MAXIMUM).unwrap().is_none());
        assert!(split_frame(&frame, DEFAULT_MAXIMUM).unwrap() == Some((&payload, b"")), "{} bytes", payload.len());
        assert!(Frames::new(&frame[..], DEFAULT_MAXIMUM).next_frame().unwrap() == Some(&payload));

        let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
        decoder.feed(&frame);
        assert!(decoder.frame().unwrap() == Some(&payload), "{} bytes", payload.len());
        assert!(decoder.frame().unwrap().is_none());
    }
}

#[test]
fn all_of_them_on_one_stream() {
    let (payloads, wire): (Vec<_>, Vec<_>) = frames().into_iter().unzip();
    let wire = wire.concat();
    assert!(by_reference(&wire, DEFAULT_MAXIMUM) == (payloads.clone(), Ending::Closed));
    assert!(by_decoder([&wire[..]], DEFAULT_MAXIMUM) == (payloads.clone(), Ending::Closed));
    assert!(by_decoder(wire.chunks(1500), DEFAULT_MAXIMUM) == (payloads.clone(), Ending::Closed));
    assert!(by_read_frame(&mut &wire[..], DEFAULT_MAXIMUM) == (payloads, Ending::Closed));
}

#[test]
fn an_empty_stream_has_no_frame_and_ends_well() {
    assert_eq!(by_decoder([], 10), (vec![], Ending::Closed));
    assert_eq!(by_decoder([&b""[..]], 10), (vec![], Ending::Closed));
    assert_eq!(by_read_frame(&mut &b""[..], 10), (vec![], Ending::Closed));
    assert_eq!(Decoder::new(10).needs(), HEADER);
}

#[test]
fn the_other_byte_order_and_other_protocols_are_refused() {
    let strangers: [(&[u8], u64); 8] = [
        (b"\x05\0\0\0hello", 83_886_080),           // 5, least significant byte first
        (b"GET / HTTP/1.1\r\n\r\n", 1_195_725_856), // a browser
        (b"HTTP/1.1 400 Bad Request\r\n", 1_213_486_160),
        (b"SSH-2.0-x\r\n", 1_397_966_893),
        (b"\x16\x03\x01\x02\0\x01", 369_295_618), // a TLS ClientHello
        (b"{\"a\":1}\n", 2_065_850_658),          // lines of JSON
        // -1 and then a length of 8 bytes, as Python's multiprocessing writes long messages
        (b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x05hello", 4_294_967_295),
        (b"\0\x80\0\x01", 8_388_609),
    ];
    for (wire, length) in strangers {
        let refused = (vec![], Ending::TooLong { length, maximum: DEFAULT_MAXIMUM });
        assert_eq!(by_decoder([wire], DEFAULT_MAXIMUM), refused);
        assert_eq!(by_read_frame(&mut &wire[..], DEFAULT_MAXIMUM), refused);
    }
}

#[test]
fn an_error_says_on_one_line_what_happened() {
    let shown = |error: Error| error.to_string();
    assert_eq!(shown(Error::Closed), "the stream ended, between two frames");
    assert_eq!(shown(Error::Truncated { got: 6, want: 9 }), "the stream ended inside a frame, after 6 of 9 bytes");
    assert_eq!(
        shown(Error::TooLong { length: 1_195_725_856, maximum: 1024 }),
        "a frame of 1195725856 bytes, and at most 1024 are allowed"
    );
    assert_eq!(shown(Error::Io(std::io::Error::other("broken"))), "broken");
}

#[test]
fn an_error_becomes_an_io_error_of_a_kind_of_its_own() {
    use std::io::ErrorKind;
    let kind = |error: Error| std::io::Error::from(error).kind();
    assert_eq!(kind(Error::Closed), ErrorKind::ConnectionAborted);
    assert_eq!(kind(Error::Truncated { got: 6, want: 9 }), ErrorKind::UnexpectedEof);
    assert_eq!(kind(Error::TooLong { length: 2, maximum: 1 }), ErrorKind::InvalidData);
    assert_eq!(kind(Error::Io(ErrorKind::ConnectionReset.into())), ErrorKind::ConnectionReset);

    let error = std::io::Error::from(Error::Truncated { got: 6, want: 9 });
    assert_eq!(error.to_string(), "the stream ended inside a frame, after 6 of 9 bytes");
}

#[test]
fn the_clean_end_and_a_cut_are_told_apart_behind_a_question_mark() {
    fn count(mut stream: &[u8]) -> std::io::Result<usize> {
        let mut frames = 0;
        while read_frame(&mut stream, 100)?.is_some() {
            frames += 1;
        }
        Ok(frames)
    }
    fn answer(mut stream: &[u8]) -> std::io::Result<Vec<u8>> {
        Ok(read_frame(&mut stream, 100)?.ok_or(Error::Closed)?)
    }
    use std::io::ErrorKind;
    assert_eq!(count(b"\0\0\0\x02hi\0\0\0\0").unwrap(), 2);
    assert_eq!(count(b"\0\0\0\x02hi\0\0\0").unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert_eq!(answer(b"\0\0\0\x02hi").unwrap(), b"hi");
    assert_eq!(answer(b"").unwrap_err().kind(), ErrorKind::ConnectionAborted);
    assert_eq!(answer(b"\0\0\0\x02h").unwrap_err().kind(), ErrorKind::UnexpectedEof);
}
