//! How fast frames come out of bytes in memory: `Decoder` against `BufReader` with `read_exact`, side by side.
//!
//! ```text
//! cargo run --release -p common --example framing-speed
//! ```
//!
//! The figures say what the decoding costs, not what a network does. Compare the ratio, not the machines.

use std::hint::black_box;
use std::io::{self, BufReader, Read};
use std::time::Instant;

use common::framing::{Decoder, Error, HEADER, encode, read_frame};

const STREAM: usize = 64 * 1024 * 1024;
const MAXIMUM: usize = 1024 * 1024;
/// What one read of a socket brings, in bytes; also the default of `BufReader`.
const PIECE: usize = 8 * 1024;
const ROUNDS: usize = 7;

fn main() -> Result<(), Error> {
    println!("million frames a second, best and middle of {ROUNDS} rounds, pieces of {PIECE} bytes");
    println!("payload     Decoder        BufReader      read_frame     Decoder : BufReader");
    for size in [16, 1024] {
        let frame = encode(&vec![7; size], MAXIMUM)?;
        let count = STREAM / frame.len();
        let stream = frame.repeat(count);

        // In turns, so that whatever else the machine does strikes all alike.
        let mut rates = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (way, rates) in [decoder, bufreader, thin].iter().zip(&mut rates) {
                let begin = Instant::now();
                let bytes = way(&stream)?;
                rates.push(count as f64 / begin.elapsed().as_secs_f64() / 1e6);
                assert_eq!(bytes, count * size);
            }
        }
        for rates in &mut rates {
            rates.sort_by(f64::total_cmp);
        }
        print!("{size:>5} B ");
        for rates in &rates {
            print!("{:>7.1} {:>6.1} ", rates[ROUNDS - 1], rates[ROUNDS / 2]);
        }
        println!("{:>10.2}", rates[0][ROUNDS / 2] / rates[1][ROUNDS / 2]);
    }
    Ok(())
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
    loop {
        match read_frame(&mut reader, MAXIMUM) {
            Ok(payload) => bytes += black_box(payload).len(),
            Err(Error::Closed) => return Ok(bytes),
            Err(error) => return Err(error),
        }
    }
}
