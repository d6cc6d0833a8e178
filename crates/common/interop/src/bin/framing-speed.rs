//! The table of `examples/framing-speed.rs` with a column for tokio-util's `LengthDelimitedCodec`, fed in the same pieces
//! and without a runtime.

use std::hint::black_box;

use bytes::BytesMut;
use common::framing::Error;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

#[allow(dead_code, reason = "its main is another one")]
#[path = "../../../examples/framing-speed.rs"]
mod speed;

fn main() -> Result<(), Error> {
    let mut ways = speed::WAYS.to_vec();
    ways.push(("tokio-util", tokio_util));
    speed::measure(&ways)
}

fn tokio_util(stream: &[u8]) -> Result<usize, Error> {
    let mut codec = LengthDelimitedCodec::builder().max_frame_length(speed::MAXIMUM).new_codec();
    let mut buffer = BytesMut::new();
    let mut bytes = 0;
    for piece in stream.chunks(speed::PIECE) {
        buffer.extend_from_slice(piece);
        while let Some(payload) = codec.decode(&mut buffer)? {
            bytes += black_box(payload).len();
        }
    }
    Ok(bytes)
}
