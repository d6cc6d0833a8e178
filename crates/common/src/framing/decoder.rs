use super::{Error, HEADER, announced};

/// A buffer up to this capacity (bytes) is kept for the life of the decoder; a larger one shrinks when it is hardly
/// used.
const KEEP: usize = 128 * 1024;

/// Cuts a stream into frames, without reading from anywhere itself.
///
/// Feed it what arrived, take the frames that are whole, feed again. It does not matter how the bytes were cut on the
/// way: the frames are the same.
///
/// ```
/// use common::framing::{Decoder, Error};
///
/// let mut decoder = Decoder::new(1024);
/// for piece in [&b"\0\0"[..], b"\0\x05hel", b"lo\0\0\0\x02hi\0\0"] {
///     decoder.feed(piece);
///     while let Some(payload) = decoder.frame()? {
///         println!("{} bytes", payload.len());        // 5 bytes, 2 bytes
///     }
/// }
/// assert_eq!(decoder.needs(), 2);
/// assert!(matches!(decoder.end(), Error::Truncated { got: 2, want: 4 }));
/// # Ok::<(), Error>(())
/// ```
///
/// ```text
///   buffer   | frames already taken | 00 00 00 05 h e l |  free  |
///                                   ^ start             ^ what feed() appends goes here
/// ```
///
/// The buffer grows with what is fed and not taken, so take frames until there are none before you feed more. Then it
/// holds one unfinished frame and the piece that came last.
#[derive(Debug)]
pub struct Decoder {
    maximum: usize,
    buffer: Vec<u8>,
    /// Where the first frame not yet taken begins in `buffer`.
    start: usize,
    /// The length of a frame that was refused. Once set it stays.
    refused: Option<u64>,
}

/// What stands at a place in the buffer where a frame begins.
enum Next {
    Frame { end: usize },
    Part { got: usize, want: usize },
}

impl Decoder {
    /// A decoder for payloads of up to `maximum` bytes. It allocates nothing yet.
    pub fn new(maximum: usize) -> Decoder {
        Decoder { maximum, buffer: Vec::new(), start: 0, refused: None }
    }

    /// Appends bytes that arrived, in any number. After a refusal they are thrown away.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.refused.is_none() {
            self.tidy();
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The payload of the next whole frame, or `None` if more bytes are [needed](Decoder::needs) first. The payload is
    /// borrowed from the buffer, not copied.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] as soon as a header announces more than the maximum, and the same again on every later call:
    /// where the next frame begins is not known any more, so there is no next frame.
    pub fn frame(&mut self) -> Result<Option<&[u8]>, Error> {
        match self.next(self.start) {
            Ok(Next::Frame { end }) => {
                let payload = self.start + HEADER..end;
                self.start = end;
                Ok(Some(&self.buffer[payload]))
            }
            Ok(Next::Part { .. }) => {
                self.tidy();
                Ok(None)
            }
            Err(error) => {
                if let Error::TooLong { length, .. } = error {
                    self.refused = Some(length);
                }
                self.buffer = Vec::new();
                self.start = 0;
                Err(error)
            }
        }
    }

    /// The least number of further bytes before [`frame`](Decoder::frame) can give anything but `None`: the rest of the
    /// header, or the rest of the payload. 0 if it can now.
    ///
    /// A program that reads no more than this never takes a byte from behind the frame.
    pub fn needs(&self) -> usize {
        match self.next(self.start) {
            Ok(Next::Part { got, want }) => want - got,
            Ok(Next::Frame { .. }) | Err(_) => 0,
        }
    }

    /// What it means if the stream ends now: [`Error::Closed`] if all that was fed are whole frames (taken or not),
    /// [`Error::Truncated`] if the last one is not whole, [`Error::TooLong`] if a frame is refused.
    pub fn end(&self) -> Error {
        let mut from = self.start;
        loop {
            match self.next(from) {
                Ok(Next::Frame { end }) => from = end,
                Ok(Next::Part { got: 0, .. }) => return Error::Closed,
                Ok(Next::Part { got, want }) => return Error::Truncated { got, want },
                Err(error) => return error,
            }
        }
    }

    /// Looks at the frame that begins at `from`. `Err` is always [`Error::TooLong`].
    fn next(&self, from: usize) -> Result<Next, Error> {
        if let Some(length) = self.refused {
            return Err(Error::TooLong { length, maximum: self.maximum });
        }
        let bytes = &self.buffer[from..];
        let Some(header) = bytes.get(..HEADER) else {
            return Ok(Next::Part { got: bytes.len(), want: HEADER });
        };
        // Saturated, a length near the top of a 32-bit usize is more than any buffer holds: never whole, and no panic.
        let want = HEADER.saturating_add(announced(header, self.maximum)?);
        if bytes.len() < want {
            Ok(Next::Part { got: bytes.len(), want })
        } else {
            Ok(Next::Frame { end: from + want })
        }
    }

    /// Drops the frames already taken, once they are at least half of the buffer: then each byte that moves is paid for
    /// by a byte that goes, and a byte costs the same however many frames stand before it. Gives back memory after a
    /// huge frame.
    fn tidy(&mut self) {
        if self.start >= self.buffer.len() - self.start {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        if self.buffer.capacity() > KEEP && self.buffer.len() < self.buffer.capacity() / 4 {
            self.buffer.shrink_to(KEEP.max(2 * self.buffer.len()));
        }
    }
}
