use std::io::{self, Read};

use super::{Error, FIRST_ROOM, HEADER, announced, read_once, split_frame};

/// A buffer of more than twice this capacity (bytes) shrinks to this one when it is hardly used.
const KEEP: usize = 128 * 1024;

/// Cuts a stream into frames.
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
/// assert!(matches!(decoder.end(), Err(Error::Truncated { got: 2, want: 4 })));
/// # Ok::<(), Error>(())
/// ```
///
/// If the bytes come from a [`Read`], [`read_from`](Decoder::read_from) takes them without a buffer of yours between, and
/// [`Frames`](super::Frames) is the whole loop. In a function of your own that returns a borrowed payload, write
/// `while decoder.needs() > 0 { .. }` and then one `frame()`: the borrow checker refuses a loop that returns what
/// `frame()` lent.
///
/// ```text
///   buffer   | frames already taken | 00 00 00 05 h e l |  free  |
///                                   ^ start             ^ end: here goes what comes next
/// ```
///
/// The buffer grows with what is fed and not taken, so take frames until there are none before you feed more. Then it
/// holds one unfinished frame and the piece that came last. Once it is large enough, nothing more is allocated, as long as
/// payloads and pieces have up to 64 KiB; of a larger buffer it gives back the most when it is hardly used.
#[derive(Debug)]
pub struct Decoder {
    maximum: usize,
    /// What counts of it is `start..end`.
    buffer: Vec<u8>,
    /// Where the first frame not yet taken begins in `buffer`.
    start: usize,
    end: usize,
    /// The length of a frame that was refused. Once set it stays.
    refused: Option<u64>,
}

/// What is at a place in the buffer where a frame begins.
enum Next {
    Frame { end: usize },
    Part { got: usize, want: usize },
}

impl Decoder {
    /// A decoder for payloads of up to `maximum` bytes. It allocates nothing yet.
    pub fn new(maximum: usize) -> Decoder {
        Decoder { maximum, buffer: Vec::new(), start: 0, end: 0, refused: None }
    }

    /// Appends bytes that arrived, in any number. After a refusal they are thrown away.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.refused.is_some() {
            return;
        }
        self.tidy();
        let free = &mut self.buffer[self.end..];
        let (fits, over) = bytes.split_at(bytes.len().min(free.len()));
        free[..fits.len()].copy_from_slice(fits);
        if !over.is_empty() {
            self.make_room(over.len());
            self.buffer.extend_from_slice(over);
        }
        self.end += bytes.len();
    }

    /// Reads once, whatever comes, right into the buffer, and says how many bytes that were: 0 at the end of the stream.
    /// A read that a signal interrupted is tried again (`EINTR`, signal(7)). Offers the reader at least 8 KiB; for a
    /// frame that is longer, as much as has come of it already, so that memory grows with what came.
    ///
    /// ```
    /// use common::framing::Decoder;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut stream = &b"\0\0\0\x05hello"[..];
    /// let mut decoder = Decoder::new(1024);
    /// while decoder.read_from(&mut stream)? > 0 {
    ///     while let Some(payload) = decoder.frame()? {
    ///         assert_eq!(payload, b"hello");
    ///     }
    /// }
    /// decoder.end()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the reader; nothing is lost, and after a timeout you can call again. Of kind `InvalidData`, without a
    /// read, if a frame was [refused](Error::TooLong).
    pub fn read_from(&mut self, reader: &mut impl Read) -> io::Result<usize> {
        if let Some(length) = self.refused {
            return Err(Error::TooLong { length, maximum: self.maximum }.into());
        }
        self.tidy();
        if self.buffer.len() - self.end < FIRST_ROOM {
            let more = self.needs().min(self.end - self.start).max(FIRST_ROOM);
            self.make_room(more);
            self.buffer.resize(self.end + more, 0);
        }
        let got = read_once(reader, &mut self.buffer[self.end..])?;
        self.end += got;
        Ok(got)
    }

    /// The payload of the next whole frame, or `None` if more bytes are [needed](Decoder::needs) first. The payload is
    /// borrowed from the buffer, not copied; `to_vec()` makes one to keep.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] as soon as a header announces more than the maximum, and the same again on every later call:
    /// where the next frame begins is not known any more, so there is no next frame.
    #[inline]
    pub fn frame(&mut self) -> Result<Option<&[u8]>, Error> {
        let Some(end) = self.whole(self.start) else {
            return self.no_frame().map(|()| None);
        };
        let payload = self.start + HEADER..end;
        self.start = end;
        Ok(Some(&self.buffer[payload]))
    }

    /// What is due when no whole frame is there.
    fn no_frame(&mut self) -> Result<(), Error> {
        match self.next(self.start) {
            Ok(_) => {
                self.tidy();
                Ok(())
            }
            Err(error) => {
                if let Error::TooLong { length, .. } = error {
                    self.refused = Some(length);
                }
                self.buffer = Vec::new();
                (self.start, self.end) = (0, 0);
                Err(error)
            }
        }
    }

    /// The least number of further bytes before [`frame`](Decoder::frame) can give anything but `None`: the rest of the
    /// header, or the rest of the payload. 0 if it can now.
    ///
    /// A program that reads no more than this never takes a byte from behind the frame.
    #[inline]
    pub fn needs(&self) -> usize {
        if self.whole(self.start).is_some() { 0 } else { self.lacks() }
    }

    fn lacks(&self) -> usize {
        match self.next(self.start) {
            Ok(Next::Part { got, want }) => want - got,
            Ok(Next::Frame { .. }) | Err(_) => 0,
        }
    }

    /// The bytes that came and are in no frame taken yet: whole frames, the beginning of one, or what another protocol
    /// sends next on the same stream. None after a refusal.
    pub fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// What it means that the stream ends now: `Ok` if all that was fed are whole frames, taken or not.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] if the last frame is not whole, [`Error::TooLong`] if a frame is refused.
    pub fn end(&self) -> Result<(), Error> {
        let mut from = self.start;
        loop {
            match self.next(from)? {
                Next::Frame { end } => from = end,
                Next::Part { got: 0, .. } => return Ok(()),
                Next::Part { got, want } => return Err(Error::Truncated { got, want }),
            }
        }
    }

    /// Where the whole frame ends that begins at `from`, if there is one. After a refusal the buffer is empty.
    #[inline]
    fn whole(&self, from: usize) -> Option<usize> {
        let (payload, _) = split_frame(&self.buffer[from..self.end], self.maximum).ok()??;
        Some(from + HEADER + payload.len())
    }

    /// Looks at the frame that begins at `from`. `Err` is always [`Error::TooLong`].
    fn next(&self, from: usize) -> Result<Next, Error> {
        if let Some(length) = self.refused {
            return Err(Error::TooLong { length, maximum: self.maximum });
        }
        let bytes = &self.buffer[from..self.end];
        let Some(header) = bytes.first_chunk() else {
            return Ok(Next::Part { got: bytes.len(), want: HEADER });
        };
        // Saturated, a length near the top of a 32-bit usize is more than any buffer holds: never whole, and no panic.
        let want = HEADER.saturating_add(announced(*header, self.maximum)?);
        if bytes.len() < want {
            Ok(Next::Part { got: bytes.len(), want })
        } else {
            Ok(Next::Frame { end: from + want })
        }
    }

    /// Drops the frames already taken, once they are at least half of what the buffer holds: then each byte that moves is
    /// paid for by a byte that goes, and a byte costs the same however many frames are before it. Gives back memory after
    /// a huge frame.
    fn tidy(&mut self) {
        if self.start >= self.end - self.start {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.buffer.capacity() > 2 * KEEP && self.end < self.buffer.capacity() / 4 {
            let keep = KEEP.max(2 * self.end);
            self.buffer.truncate(keep);
            self.buffer.shrink_to(keep);
        }
    }

    /// Room for `more` bytes. Memory at most doubles, as long as what comes is not more than what waits to be taken.
    fn make_room(&mut self, more: usize) {
        if self.buffer.capacity() - self.buffer.len() < more {
            self.buffer.reserve_exact(more.max(self.end - self.start));
        }
    }
}
