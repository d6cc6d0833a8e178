use std::io::Read;

use super::{Decoder, Error};

/// The frames of a reader, one after the other.
///
/// ```
/// use common::framing::{Error, Frames};
///
/// let mut frames = Frames::new(&b"\0\0\0\x05hello\0\0\0\0"[..], 1024);
/// let mut lengths = Vec::new();
/// while let Some(payload) = frames.next_frame()? {
///     lengths.push(payload.len());
/// }
/// assert_eq!(lengths, [5, 0]);
/// # Ok::<(), Error>(())
/// ```
///
/// It is no [`Iterator`], since each payload is borrowed from the buffer and gone with the next call: that saves a copy
/// and an allocation for each frame. [`next_owned`](Frames::next_owned) gives a payload to keep.
///
/// It reads as much as comes, so it may hold bytes that belong to frames not asked for yet. Keep it as long as the
/// connection, and read from the reader in no other way.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
    decoder: Decoder,
}

impl<R> Frames<R> {
    /// The frames of `reader`, with payloads of up to `maximum` bytes. Reads nothing yet.
    pub fn new(reader: R, maximum: usize) -> Frames<R> {
        Frames::from_parts(reader, Decoder::new(maximum))
    }

    /// Continues with a decoder that was fed already.
    pub fn from_parts(reader: R, decoder: Decoder) -> Frames<R> {
        Frames { reader, decoder }
    }

    /// The reader, for example for its timeouts.
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The reader, for example to write to it if it is a socket. Bytes that you read from it are missing in the frames.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// The reader, and the decoder with all bytes that were read and are in no frame taken yet: see
    /// [`Decoder::unread`].
    pub fn into_parts(self) -> (R, Decoder) {
        (self.reader, self.decoder)
    }
}

impl<R: Read> Frames<R> {
    /// The payload of the next frame; reads only if there is no whole frame yet. `None` if the stream has ended between
    /// two frames. A read that a signal interrupted is tried again (`EINTR`, signal(7)).
    ///
    /// # Errors
    ///
    /// [`Error::Io`] from the reader. **Nothing is lost then**: after a read timeout (`WouldBlock` on Unix, `TimedOut` on
    /// Windows) call again, and the frame continues where it was.
    ///
    /// [`Error::Truncated`] if the stream has ended inside a frame. [`Error::TooLong`] as in [`Decoder::frame`], and the
    /// same on every later call.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, Error> {
        while self.decoder.needs() > 0 {
            if self.decoder.read_from(&mut self.reader)? == 0 {
                self.decoder.end()?;
                return Ok(None);
            }
        }
        self.decoder.frame()
    }

    /// As [`next_frame`](Frames::next_frame), and the payload is yours: a copy, in a `Vec` of its length.
    ///
    /// # Errors
    ///
    /// As [`next_frame`](Frames::next_frame).
    pub fn next_owned(&mut self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.next_frame()?.map(<[u8]>::to_vec))
    }
}
