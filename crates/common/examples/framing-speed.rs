//! How fast frames come out of bytes in memory: each way of `common::framing` against a bare walk over the slice and
//! against `BufReader` with `read_exact`, side by side.
//!
//! ```text
//! cargo run --release -p common --example framing-speed
//! ```
//!
//! The figures say what the decoding costs, not what a network does. Compare the ratios, not the machines.
//! `interop/run` prints the same table with a column for tokio-util.

use std::hint::black_box;
use std::io::{self, BufReader, Read};
use std::time::Instant;

use common::framing::{Decoder, Error, Frames, HEADER, encode, read_frame, split_frame};

const STREAM: usize = 64 * 1024 * 1024;
pub(crate) const MAXIMUM: usize = 1024 * 1024;
/// What one read of a socket brings, in bytes; also the default of `BufReader`.
pub(crate) const PIECE: usize = 8 * 1024;
const ROUNDS: usize = 7;

/// Takes all frames of a stream, and says how many bytes of payload they have.
pub(crate) type Way = fn(&[u8]) -> Result<usize, Error>;

pub(crate) const WAYS: [(&str, Way); 6] = [
    ("bare walk", bare),
    ("split_frame", split),
    ("Decoder", decoder),
    ("Frames", frames),
    ("BufReader", bufreader),
    ("read_frame", thin),
];

fn main() -> Result<(), Error> {
    measure(&WAYS)
}

pub(crate) fn measure(ways: &[(&str, Way)]) -> Result<(), Error> {
    println!("nanoseconds a frame, best and middle of {ROUNDS} rounds, and the middle in terms of the column named");
    for size in [16, 1024, 64 * 1024] {
        let frame = encode(&vec![7; size], MAXIMUM)?;
        let count = STREAM / frame.len();
        let stream = frame.repeat(count);

        // In turns, so that whatever else the machine does strikes all alike.
        let mut times = vec![Vec::new(); ways.len()];
        for _ in 0..ROUNDS {
            for ((name, way), times) in ways.iter().zip(&mut times) {
                // Twice, so that each finds the same in the caches.
                assert_eq!(bare(&stream)?, bare(&stream)?);
                let begin = Instant::now();
                let bytes = way(&stream)?;
                times.push(begin.elapsed().as_secs_f64() * 1e9 / count as f64);
                assert_eq!(bytes, count * size, "{name}");
            }
        }
        for times in &mut times {
            times.sort_by(f64::total_cmp);
        }
        let middle = |of: &str| {
            let place = ways.iter().position(|(name, _)| *name == of);
            place.map_or(f64::NAN, |place| times[place][ROUNDS / 2])
        };
        println!("\npayload of {size} B       best     middle   : bare walk   : BufReader");
        for ((name, _), times) in ways.iter().zip(&times) {
            let (best, mid) = (times[0], times[ROUNDS / 2]);
            let (bare, buffered) = (mid / middle("bare walk"), mid / middle("BufReader"));
            println!("{name:>16}  {best:>10.1} {mid:>10.1}  {bare:>11.2}   {buffered:>11.2}");
        }
    }
    Ok(())
}

/// What `split_frame` does, by hand and without a maximum.
fn bare(stream: &[u8]) -> Result<usize, Error> {
    let mut rest = stream;
    let mut bytes = 0;
    while let Some((header, behind)) = rest.split_first_chunk() {
        let Some((payload, behind)) = behind.split_at_checked(u32::from_be_bytes(*header) as usize) else {
            break;
        };
        bytes += black_box(payload).len();
        rest = behind;
    }
    Ok(bytes)
}

fn split(stream: &[u8]) -> Result<usize, Error> {
    let mut rest = stream;
    let mut bytes = 0;
    while let Some((payload, behind)) = split_frame(rest, MAXIMUM)? {
        bytes += black_box(payload).len();
        rest = behind;
    }
    Ok(bytes)
}

fn decoder(stream: &[u8]) -> Result<usize, Error> {
    let mut decoder = Decoder::new(MAXIMUM);
    let mut bytes = 0;
    for piece in stream.chunks(PIECE) {
        decoder.feed(piece);
        while let Some(payload) = decoder.frame()? {
            bytes += black_box(payload).len();
        }
    }
    Ok(bytes)
}

fn frames(stream: &[u8]) -> Result<usize, Error> {
    let mut frames = Frames::new(stream, MAXIMUM);
    let mut bytes = 0;
    while let Some(payload) = frames.next_frame()? {
        bytes += black_box(payload).len();
    }
    Ok(bytes)
}

/// The payload is read into a buffer that is used again: the least that this way can cost.
fn bufreader(stream: &[u8]) -> Result<usize, Error> {
    let mut reader = BufReader::with_capacity(PIECE, stream);
    let mut payload = Vec::new();
    let mut header = [0; HEADER];
    let mut bytes = 0;
    loop {
        match reader.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(bytes),
            result => result?,
        }
        let length = u32::from_be_bytes(header) as usize;
        if length > MAXIMUM {
            return Err(Error::TooLong { length: length as u64, maximum: MAXIMUM });
        }
        payload.resize(length, 0);
        reader.read_exact(&mut payload)?;
        bytes += black_box(&payload).len();
    }
}

fn thin(stream: &[u8]) -> Result<usize, Error> {
    let mut reader = BufReader::with_capacity(PIECE, stream);
    let mut bytes = 0;
    while let Some(payload) = read_frame(&mut reader, MAXIMUM)? {
        bytes += black_box(payload).len();
    }
    Ok(bytes)
}
