//! A second decoder, so plain that it is right at a glance: it has the whole stream before it and copies everything.
//! The tests and the fuzz targets hold every way of reading frames against it.

use std::io::{ErrorKind, Read};

use common::framing::{Decoder, Error, Frames, HEADER, read_frame, split_frame};

/// [`Error`] in a form that can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ending {
    Closed,
    Truncated { got: usize, want: usize },
    TooLong { length: u64, maximum: usize },
}

pub(crate) fn ending(error: Error) -> Ending {
    match error {
        Error::Closed => Ending::Closed,
        Error::Truncated { got, want } => Ending::Truncated { got, want },
        Error::TooLong { length, maximum } => Ending::TooLong { length, maximum },
        error => panic!("not an ending: {error}"),
    }
}

/// What the end of the stream means after these frames.
pub(crate) fn end(decoder: &Decoder) -> Ending {
    decoder.end().map_or_else(ending, |()| Ending::Closed)
}

/// All frames of a stream, and how it ends.
pub(crate) type Outcome = (Vec<Vec<u8>>, Ending);

pub(crate) fn by_reference(stream: &[u8], maximum: usize) -> Outcome {
    let mut frames = Vec::new();
    let mut rest = stream;
    loop {
        match rest {
            [] => return (frames, Ending::Closed),
            [a, b, c, d, tail @ ..] => {
                let length = ((*a as usize * 256 + *b as usize) * 256 + *c as usize) * 256 + *d as usize;
                if length > maximum {
                    return (frames, Ending::TooLong { length: length as u64, maximum });
                }
                if length > tail.len() {
                    return (frames, Ending::Truncated { got: rest.len(), want: 4 + length });
                }
                frames.push(tail[..length].to_vec());
                rest = &tail[length..];
            }
            _ => {
                return (frames, Ending::Truncated { got: rest.len(), want: 4 });
            }
        }
    }
}

/// What a `Decoder` makes of a stream that arrives in these pieces. Holds it to its promises on the way.
pub(crate) fn by_decoder<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, maximum: usize) -> Outcome {
    let mut decoder = Decoder::new(maximum);
    let mut frames = Vec::new();
    for piece in pieces {
        let needed = decoder.needs();
        decoder.feed(piece);
        if piece.len() < needed {
            assert!(matches!(decoder.frame(), Ok(None)), "it said that it needs more");
            assert_eq!(decoder.needs(), needed - piece.len());
        }
        loop {
            let ready = decoder.needs() == 0;
            match decoder.frame() {
                Ok(Some(payload)) => frames.push(payload.to_vec()),
                Ok(None) => {
                    assert!(!ready, "it said that it needs nothing");
                    break;
                }
                Err(error) => {
                    assert!(ready, "a refusal needs no more bytes");
                    return (frames, stays_refused(decoder, ending(error)));
                }
            }
        }
        assert!(decoder.needs() > 0);
    }
    (frames, end(&decoder))
}

/// Whatever comes after a refusal, the answer is that refusal.
fn stays_refused(mut decoder: Decoder, refusal: Ending) -> Ending {
    for more in [&b""[..], b"\0\0\0\x01a", b"\0\0\0\0", &[0; 5000]] {
        decoder.feed(more);
        assert_eq!(ending(decoder.frame().unwrap_err()), refusal);
        assert_eq!(decoder.needs(), 0);
        assert_eq!(decoder.unread(), b"");
        assert_eq!(decoder.read_from(&mut &more[..]).unwrap_err().kind(), ErrorKind::InvalidData);
    }
    end(&decoder)
}

/// What a `Decoder` makes of a stream of which never more is read than it says it needs.
pub(crate) fn by_need(stream: &[u8], maximum: usize) -> Outcome {
    let mut decoder = Decoder::new(maximum);
    let mut frames = Vec::new();
    let mut rest = stream;
    loop {
        match decoder.frame() {
            Ok(Some(payload)) => frames.push(payload.to_vec()),
            Ok(None) if rest.is_empty() => return (frames, end(&decoder)),
            Ok(None) => {
                let (piece, tail) = rest.split_at(decoder.needs().min(rest.len()));
                decoder.feed(piece);
                rest = tail;
            }
            Err(error) => return (frames, ending(error)),
        }
    }
}

/// What `read_frame` makes of a stream.
pub(crate) fn by_read_frame(reader: &mut impl Read, maximum: usize) -> Outcome {
    let mut frames = Vec::new();
    loop {
        match read_frame(reader, maximum) {
            Ok(Some(payload)) => frames.push(payload),
            Ok(None) => return (frames, Ending::Closed),
            Err(error) => return (frames, ending(error)),
        }
    }
}

/// What a walk with `split_frame` makes of a stream. The parts are where they were, not copies.
pub(crate) fn by_split_frame(stream: &[u8], maximum: usize) -> Outcome {
    let mut frames = Vec::new();
    let mut rest = stream;
    loop {
        match split_frame(rest, maximum) {
            Ok(Some((payload, behind))) => {
                assert_eq!(payload.as_ptr(), rest[HEADER..].as_ptr());
                assert_eq!(HEADER + payload.len() + behind.len(), rest.len());
                frames.push(payload.to_vec());
                rest = behind;
            }
            Ok(None) => break,
            Err(error) => return (frames, ending(error)),
        }
    }
    let mut decoder = Decoder::new(maximum);
    decoder.feed(rest);
    (frames, end(&decoder))
}

/// What a `Decoder` makes of a stream that it reads itself.
pub(crate) fn by_read_from(reader: &mut impl Read, maximum: usize) -> Outcome {
    let mut decoder = Decoder::new(maximum);
    let mut frames = Vec::new();
    loop {
        let before = decoder.unread().len();
        let got = decoder.read_from(reader).unwrap();
        assert_eq!(decoder.unread().len(), before + got);
        if got == 0 {
            return (frames, end(&decoder));
        }
        loop {
            match decoder.frame() {
                Ok(Some(payload)) => frames.push(payload.to_vec()),
                Ok(None) => break,
                Err(error) => return (frames, stays_refused(decoder, ending(error))),
            }
        }
    }
}

/// What `Frames` makes of a stream. Timeouts and interruptions of the reader are passed over; every other frame is taken
/// as an owned one, and now and then the parts are taken apart and put together again.
pub(crate) fn by_frames(reader: impl Read, maximum: usize) -> Outcome {
    let mut source = Frames::new(reader, maximum);
    let mut frames = Vec::new();
    loop {
        let next = match frames.len() % 2 {
            0 => source.next_frame().map(|payload| payload.map(<[u8]>::to_vec)),
            _ => source.next_owned(),
        };
        match next {
            Ok(Some(payload)) => frames.push(payload),
            Ok(None) => return (frames, Ending::Closed),
            Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                let (reader, decoder) = source.into_parts();
                source = Frames::from_parts(reader, decoder);
            }
            Err(error) => return (frames, ending(error)),
        }
    }
}

/// The pieces between these places of a stream; places may double or lie outside.
pub(crate) fn cut<'a>(stream: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| (*place).min(stream.len())).collect();
    places.sort();
    let mut pieces = Vec::new();
    let mut from = 0;
    for to in places.into_iter().chain([stream.len()]) {
        pieces.push(&stream[from..to]);
        from = to;
    }
    pieces
}
