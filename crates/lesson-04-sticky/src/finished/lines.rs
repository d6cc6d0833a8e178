//! Messages that end with a newline, out of a stream that knows no messages.

use std::fmt;

/// Is fed with the stream in pieces of any size and gives whole messages. What came of a message whose end has not come
/// yet is kept.
///
/// It holds at most `maximum` bytes and the last piece it was fed, as long as every message is taken out before more is
/// fed.
#[derive(Debug)]
pub(crate) struct Lines {
    kept: Vec<u8>,
    /// Where the first message that was not taken out begins.
    start: usize,
    /// Up to here there is no newline after `start`.
    searched: usize,
    maximum: usize,
}

/// Why the stream cannot be understood any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// A message has more bytes than the limit. Every further look says so again.
    TooLong {
        /// The limit, bytes.
        maximum: usize,
    },
    /// The stream ended before the newline.
    Truncated {
        /// Bytes of the message that had come.
        got: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooLong { maximum } => write!(f, "a message is longer than {maximum} bytes"),
            Error::Truncated { got } => {
                let got = super::count(*got as u64, "byte");
                write!(f, "the stream ended inside a message, after {got}; a newline has to end it")
            }
        }
    }
}

impl Lines {
    /// `maximum` counts the bytes of a message without its newline.
    pub(crate) fn new(maximum: usize) -> Lines {
        Lines { kept: Vec::new(), start: 0, searched: 0, maximum }
    }

    /// Takes what came next.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        self.kept.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.kept.extend_from_slice(piece);
    }

    /// The next message without its newline; `None` when its end has not come yet.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`], as soon as it is certain.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, Error> {
        let newline = self.kept[self.searched..].iter().position(|byte| *byte == b'\n');
        let end = newline.map_or(self.kept.len(), |offset| self.searched + offset);
        self.searched = end;
        if end - self.start > self.maximum {
            return Err(Error::TooLong { maximum: self.maximum });
        }
        if newline.is_none() {
            return Ok(None);
        }
        let line = &self.kept[self.start..end];
        self.start = end + 1;
        self.searched = self.start;
        Ok(Some(line))
    }

    /// Bytes of a message whose end has not come yet.
    pub(crate) fn pending(&self) -> usize {
        self.kept.len() - self.start
    }

    /// Says whether the stream may end here.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`]: it ends inside a message.
    pub(crate) fn end(&self) -> Result<(), Error> {
        match self.pending() {
            0 => Ok(()),
            got => Err(Error::Truncated { got }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Lines};

    fn all(lines: &mut Lines) -> Result<Vec<Vec<u8>>, Error> {
        let mut all = Vec::new();
        while let Some(line) = lines.next_line()? {
            all.push(line.to_vec());
        }
        Ok(all)
    }

    #[test]
    fn every_cut_of_a_stream_gives_the_same_messages() {
        let stream = b"hello\n\negg\nx";
        for cuts in 0..1u32 << (stream.len() - 1) {
            let mut lines = Lines::new(5);
            let mut got = Vec::new();
            let mut from = 0;
            for to in 1..=stream.len() {
                if to == stream.len() || cuts & (1 << (to - 1)) != 0 {
                    lines.feed(&stream[from..to]);
                    got.extend(all(&mut lines).expect("no message is too long"));
                    from = to;
                }
            }
            assert_eq!(got, [&b"hello"[..], b"", b"egg"], "cut {cuts:b}");
            assert_eq!(lines.end(), Err(Error::Truncated { got: 1 }));
        }
    }

    #[test]
    fn a_message_is_too_long_from_its_first_byte_beyond_the_limit() {
        let mut lines = Lines::new(3);
        lines.feed(b"abc\nabc");
        assert_eq!(all(&mut lines), Ok(vec![b"abc".to_vec()]));
        lines.feed(b"d");
        assert_eq!(lines.next_line(), Err(Error::TooLong { maximum: 3 }));
        lines.feed(b"\nabc\n");
        assert_eq!(lines.next_line(), Err(Error::TooLong { maximum: 3 }), "a refused stream stays refused");
    }

    #[test]
    fn a_whole_message_that_is_too_long_is_refused_as_well() {
        let mut lines = Lines::new(3);
        lines.feed(b"abcd\n");
        assert_eq!(lines.next_line(), Err(Error::TooLong { maximum: 3 }));
    }

    #[test]
    fn the_stream_may_end_between_messages_only() {
        let mut lines = Lines::new(3);
        assert_eq!(lines.end(), Ok(()));
        lines.feed(b"ab");
        assert_eq!(lines.next_line(), Ok(None));
        assert_eq!(lines.end(), Err(Error::Truncated { got: 2 }));
        lines.feed(b"\n");
        assert_eq!(all(&mut lines), Ok(vec![b"ab".to_vec()]));
        assert_eq!(lines.end(), Ok(()));
    }
}
