//! A second decoder, so plain that it is right at a glance: it has the whole stream before it and copies everything.
//! The tests and the fuzz targets hold `Decoder` and `read_frame` against it.

use std::io::Read;

use common::framing::{Decoder, Error, read_frame};

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
        Error::Io(error) => panic!("not an ending: {error}"),
    }
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
    (frames, ending(decoder.end()))
}

/// Whatever comes after a refusal, the answer is that refusal.
fn stays_refused(mut decoder: Decoder, refusal: Ending) -> Ending {
    for more in [&b""[..], b"\0\0\0\x01a", b"\0\0\0\0", &[0; 5000]] {
        decoder.feed(more);
        assert_eq!(ending(decoder.frame().unwrap_err()), refusal);
        assert_eq!(decoder.needs(), 0);
    }
    ending(decoder.end())
}

/// What a `Decoder` makes of a stream of which never more is read than it says it needs.
pub(crate) fn by_need(stream: &[u8], maximum: usize) -> Outcome {
    let mut decoder = Decoder::new(maximum);
    let mut frames = Vec::new();
    let mut rest = stream;
    loop {
        match decoder.frame() {
            Ok(Some(payload)) => frames.push(payload.to_vec()),
            Ok(None) if rest.is_empty() => return (frames, ending(decoder.end())),
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
            Ok(payload) => frames.push(payload),
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
