//! What a connection may cost. Every allocation of a test is counted, in a program of its own.
#![allow(unsafe_code, reason = "an allocator that counts has to be an allocator, and that trait is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use common::auth::{self, Client, Key, Record, Server, Session};
use common::framing::{
    DEFAULT_MAXIMUM, Decoder, Error, Frames, encode, encode_into, json, read_frame, split_frame, write_frame,
};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The system's allocator, with accounts for each thread: tests run in threads side by side.
struct Counting;

thread_local! {
    /// Signed: a thread may free what another one allocated.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed to the system's allocator unchanged. The counters have no destructor and allocate
// nothing, so an allocator may use them.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        LIVE.set(LIVE.get() + layout.size() as isize);
        PEAK.set(PEAK.get().max(LIVE.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size() as isize);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Cost {
    /// Most bytes held at one moment, over what was held before. While a buffer grows, the old one and the new one
    /// count.
    peak: usize,
    /// Bytes still held at the end.
    held: usize,
    calls: usize,
}

fn cost(run: impl FnOnce()) -> Cost {
    let (live, calls) = (LIVE.get(), CALLS.get());
    PEAK.set(live);
    run();
    let over = |bytes: isize| usize::try_from(bytes - live).expect("no test frees more than it allocates");
    Cost { peak: over(PEAK.get()), held: over(LIVE.get()), calls: CALLS.get() - calls }
}

#[test]
fn the_counter_counts() {
    let mut kept = Vec::new();
    let cost = cost(|| {
        drop(vec![1u8; 3 * MIB]);
        kept = vec![1u8; MIB];
    });
    assert_eq!((cost.peak, cost.held, cost.calls), (3 * MIB, MIB, 2));
    assert_eq!(kept.len(), MIB);
}

#[test]
fn four_gib_announced_allocate_nothing() {
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let cost = cost(|| {
        assert!(matches!(read_frame(&mut &[0xff; 4][..], DEFAULT_MAXIMUM), Err(Error::TooLong { .. })));
        assert!(matches!(json::read_header(&mut &[0xff; 4][..], json::DEFAULT_MAXIMUM), Err(json::Error::Frame(_))));
        decoder.feed(&[0xff; 4]);
        assert!(decoder.frame().is_err());
    });
    assert!(cost.peak <= 16, "{} bytes", cost.peak);
    assert_eq!(cost.held, 0);
}

#[test]
fn memory_follows_what_came_and_not_what_was_announced() {
    for (maximum, header) in [(8 * MIB, [0, 0x80, 0, 0]), (usize::MAX, [0xff; 4])] {
        let stream = [&header[..], &[7; 10]].concat();
        let mut decoder = Decoder::new(maximum);
        let reading = cost(|| {
            assert!(matches!(read_frame(&mut &stream[..], maximum), Err(Error::Truncated { got: 14, .. })));
        });
        let feeding = cost(|| {
            decoder.feed(&stream);
            assert!(matches!(decoder.frame(), Ok(None)));
        });
        assert!(reading.peak <= 8 * KIB + 4, "{} bytes", reading.peak);
        assert!(feeding.peak <= 64, "{} bytes", feeding.peak);
    }
}

#[test]
fn memory_is_within_a_small_factor_of_what_came_at_every_moment() {
    let frame = encode(&vec![7; 8 * MIB], DEFAULT_MAXIMUM).unwrap();
    for came in [100, 10_000, 100_000, MIB, 5 * MIB, frame.len() - 1, frame.len()] {
        let stream = &frame[..came];
        let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
        let feeding = cost(|| {
            for piece in stream.chunks(1500) {
                decoder.feed(piece);
                let _ = decoder.frame();
            }
        });
        let reading = cost(|| {
            let _ = read_frame(&mut &stream[..], DEFAULT_MAXIMUM);
        });
        let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
        let straight = cost(|| {
            let mut stream = stream;
            while decoder.read_from(&mut stream).unwrap() > 0 {}
        });
        assert!(straight.peak <= 3 * came + 24 * KIB, "{} bytes for {came}", straight.peak);
        assert!(straight.held <= 2 * came + 16 * KIB, "{} bytes for {came}", straight.held);
        // A buffer doubles, and for that moment there are the old one and the new one.
        assert!(feeding.peak <= 3 * came + 8 * KIB, "{} bytes for {came}", feeding.peak);
        assert!(reading.peak <= 3 * came + 12 * KIB, "{} bytes for {came}", reading.peak);
        assert!(feeding.held <= 2 * came + 8 * KIB, "{} bytes for {came}", feeding.held);
    }
}

#[test]
fn a_frame_is_not_copied() {
    let frame = encode(&vec![7; MIB], DEFAULT_MAXIMUM).unwrap();
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    decoder.feed(&frame);
    let taking = cost(|| {
        let payload = decoder.frame().unwrap().unwrap();
        assert_eq!(payload.len(), MIB);
    });
    assert_eq!(taking.calls, 0);
}

#[test]
fn in_steady_state_a_frame_allocates_nothing() {
    for size in [0, 1, 5, 16, 1000, 8 * KIB, 20_000, 60_000, 64 * KIB] {
        let payload = vec![7; size];
        let frame = encode(&payload, DEFAULT_MAXIMUM).unwrap();
        let count = (MIB / frame.len()).clamp(40, 10_000);
        let stream = frame.repeat(count);

        // Pieces of a length that shares no divisor with the frame's: every cut comes.
        for piece in [1499, 8191, 70_001] {
            let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
            let mut walk = || {
                let mut frames = 0;
                for piece in stream.chunks(piece) {
                    decoder.feed(piece);
                    while decoder.frame().unwrap().is_some() {
                        frames += 1;
                    }
                }
                assert_eq!(frames, count);
            };
            walk();
            assert_eq!(cost(walk).calls, 0, "payloads of {size}, pieces of {piece}");

            let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
            let mut walk = || {
                let mut frames =
                    Frames::from_parts(Pieces(&stream, piece), std::mem::replace(&mut decoder, Decoder::new(0)));
                let mut taken = 0;
                while let Some(payload) = frames.next_frame().unwrap() {
                    assert_eq!(payload.len(), size);
                    taken += 1;
                }
                assert_eq!(taken, count);
                decoder = frames.into_parts().1;
            };
            walk();
            assert_eq!(cost(walk).calls, 0, "payloads of {size}, reads of {piece}");
        }

        let mut wire = Vec::new();
        encode_into(&payload, DEFAULT_MAXIMUM, &mut wire).unwrap();
        let others = cost(|| {
            wire.clear();
            encode_into(&payload, DEFAULT_MAXIMUM, &mut wire).unwrap();
            let mut rest = &stream[..];
            while let Some((_, behind)) = split_frame(rest, DEFAULT_MAXIMUM).unwrap() {
                rest = behind;
            }
            assert!(rest.is_empty());
        });
        assert_eq!(others.calls, 0, "payloads of {size}");
    }
}

/// Gives at most so many bytes a read.
struct Pieces<'a>(&'a [u8], usize);

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let (piece, rest) = self.0.split_at(self.0.len().min(self.1).min(into.len()));
        into[..piece.len()].copy_from_slice(piece);
        self.0 = rest;
        Ok(piece.len())
    }
}

#[test]
fn a_frame_to_keep_costs_one_allocation_of_its_length() {
    let frame = encode(&[7; 1000], DEFAULT_MAXIMUM).unwrap();
    let mut frames = Frames::new(&frame[..], DEFAULT_MAXIMUM);
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    decoder.feed(&frame);
    let mut frames_fed = Frames::from_parts(std::io::empty(), decoder);
    let mut kept = None;
    let owning = cost(|| kept = frames_fed.next_owned().unwrap());
    assert_eq!((owning.calls, owning.held), (1, 1000));
    assert_eq!(kept, frames.next_owned().unwrap());
}

#[test]
fn a_large_payload_is_not_copied_when_it_is_written() {
    let payload = vec![7; 8 * MIB];
    let writing = cost(|| write_frame(&mut std::io::sink(), &payload, DEFAULT_MAXIMUM).unwrap());
    assert_eq!(writing.calls, 0);
}

#[test]
fn after_one_huge_frame_the_memory_goes_back() {
    let huge = encode(&vec![7; 8 * MIB], DEFAULT_MAXIMUM).unwrap();
    let small = encode(b"hello", DEFAULT_MAXIMUM).unwrap();

    // The connection is idle afterwards: the frame was taken, and there is no other.
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let idle = cost(|| {
        decoder.feed(&huge);
        assert!(matches!(decoder.frame(), Ok(Some(_))));
        assert!(matches!(decoder.frame(), Ok(None)));
    });
    assert!(idle.peak >= 8 * MIB);
    assert!(idle.held <= 128 * KIB, "{} bytes", idle.held);

    // A program that takes one frame for each feed never sees `None`.
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let busy = cost(|| {
        decoder.feed(&huge);
        assert!(matches!(decoder.frame(), Ok(Some(_))));
        decoder.feed(&small);
        assert!(matches!(decoder.frame(), Ok(Some(b"hello"))));
    });
    assert!(busy.held <= 128 * KIB, "{} bytes", busy.held);

    // The beginning of the next frame came with the huge one.
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let begun = cost(|| {
        decoder.feed(&[&huge[..], &small[..6]].concat());
        assert!(matches!(decoder.frame(), Ok(Some(_))));
        assert!(matches!(decoder.frame(), Ok(None)));
        decoder.feed(&small[6..]);
        assert!(matches!(decoder.frame(), Ok(Some(b"hello"))));
    });
    assert!(begun.held <= 128 * KIB, "{} bytes", begun.held);
}

#[test]
fn a_long_stream_of_small_frames_takes_no_more_than_a_short_one() {
    let frame = encode(b"hello", DEFAULT_MAXIMUM).unwrap();
    let stream = frame.repeat(100_000);
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let long = cost(|| {
        let mut frames = 0;
        for piece in stream.chunks(100) {
            decoder.feed(piece);
            while decoder.frame().unwrap().is_some() {
                frames += 1;
            }
        }
        assert_eq!(frames, 100_000);
    });
    assert!(long.peak <= KIB, "{} bytes", long.peak);

    // Whole frames, one for each feed, so that `None` never comes.
    let mut decoder = Decoder::new(DEFAULT_MAXIMUM);
    let even = cost(|| {
        for _ in 0..100_000 {
            decoder.feed(&frame);
            assert!(matches!(decoder.frame(), Ok(Some(_))));
        }
    });
    assert!(even.peak <= KIB, "{} bytes", even.peak);
}

#[test]
fn a_refused_connection_costs_nothing_any_more() {
    let more = vec![0; MIB];
    let mut decoder = Decoder::new(100);
    let refused = cost(|| {
        decoder.feed(&[0; 50 * KIB]);
        decoder.feed(&[0xff; 4]);
        while let Ok(Some(_)) = decoder.frame() {}
        for _ in 0..100 {
            decoder.feed(&more);
            assert!(decoder.frame().is_err());
        }
    });
    assert!(refused.peak <= 256 * KIB, "{} bytes", refused.peak);
    assert_eq!(refused.held, 0);
}

#[test]
fn a_header_full_of_values_stays_within_a_few_mib() {
    let zeros = format!("{{\"n\":[{}0]}}", "0,".repeat(json::DEFAULT_MAXIMUM / 2 - 10));
    let names: Vec<String> = (0..8000).map(|n| format!("\"{n}\":1")).collect();
    let names = format!("{{{}}}", &names.join(",")[..json::DEFAULT_MAXIMUM - 400]);
    for text in [&zeros, &names] {
        assert!(text.len() <= json::DEFAULT_MAXIMUM);
        let parsing = cost(|| drop(json::Fields::parse(text.as_bytes())));
        assert!(parsing.peak <= 4 * MIB, "{} bytes", parsing.peak);
    }
}

#[test]
fn a_large_body_is_not_copied_when_it_is_written() {
    let body = vec![7; 8 * MIB];
    let header = serde_json::json!({"size": body.len()});
    let writing = cost(|| {
        json::write(&mut std::io::sink(), &header, &[&body], json::DEFAULT_MAXIMUM).unwrap();
    });
    assert!(writing.peak <= KIB, "{} bytes", writing.peak);
}

#[test]
fn a_stranger_at_the_login_costs_little_and_leaves_nothing() {
    let key = Key::generate().unwrap();
    let another = Key::generate().unwrap();
    let wrong_login = |server: &mut Server, m1: &[u8]| {
        let m2 = Client::new("lesson-06", "alice", &another).unwrap().feed(m1).unwrap().send;
        assert!(server.feed_with(&m2, |_| Some(key.clone())).is_err());
    };
    // What it sends before it proves anything: 4 GiB announced and begun, as much as is allowed and no more, a wrong tag.
    type Stranger<'a> = &'a dyn Fn(&mut Server, &[u8]);
    let strangers: [Stranger; 3] = [
        &|server, _| {
            assert!(server.feed_with(&[0xff; 4], |_| None::<Key>).is_err());
            for _ in 0..1000 {
                assert!(server.feed_with(&[0xff; KIB], |_| None::<Key>).is_err());
            }
        },
        &|server, _| assert!(server.feed_with(&[&b"\0\0\x01\0"[..], &[7; 255]].concat(), |_| None::<Key>).is_ok()),
        &wrong_login,
    ];
    for (place, stranger) in strangers.into_iter().enumerate() {
        let login = cost(|| {
            for _ in 0..100 {
                let (mut server, m1) = Server::new("lesson-06").unwrap();
                stranger(&mut server, &m1);
            }
        });
        assert!(login.peak <= 4 * KIB, "{place}: {} bytes", login.peak);
        assert_eq!(login.held, 0, "{place}");
    }
}

/// The sessions of a login: client's, server's.
fn logged_in() -> (Session, Session) {
    let key = Key::generate().unwrap();
    let (mut server, m1) = Server::new("lesson-06").unwrap();
    let mut client = Client::new("lesson-06", "alice", &key).unwrap();
    let m2 = client.feed(&m1).unwrap().send;
    let step = server.feed_with(&m2, |_| Some(key)).unwrap();
    (client.feed(&step.send).unwrap().session.unwrap(), step.session.unwrap())
}

#[test]
fn a_long_channel_does_not_grow() {
    let (mut from, mut to) = logged_in();
    let payload = [7; auth::RECORD_MAXIMUM];
    let talk = cost(|| {
        for _ in 0..200 {
            for piece in from.send.data(&payload).unwrap().chunks(1500) {
                to.receive.feed(piece);
                while let Some(record) = to.receive.record().unwrap() {
                    assert_eq!(record, Record::Data(&payload));
                }
            }
        }
    });
    assert!(talk.peak <= 6 * auth::RECORD_MAXIMUM, "{} bytes", talk.peak);
    assert!(talk.held <= 3 * auth::RECORD_MAXIMUM, "{} bytes", talk.held);
}

#[test]
fn four_gib_announced_after_the_login_allocate_nothing_either() {
    let whole = cost(|| {
        let (_, mut to) = logged_in();
        to.receive.feed(&[0xff; 4]);
        assert!(to.receive.record().is_err());
        for _ in 0..1000 {
            to.receive.feed(&[0xff; KIB]);
            assert!(to.receive.record().is_err());
        }
    });
    assert!(whole.peak <= 4 * KIB, "{} bytes", whole.peak);
    assert_eq!(whole.held, 0);
}
