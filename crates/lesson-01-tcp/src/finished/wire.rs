//! What the two sides of the time echo say to each other.
//!
//! For every piece of data that the server reads, at most [`PIECE`] bytes, it sends a stamp of 27 bytes and then the
//! piece as it is:
//!
//! ```text
//!    client                    server
//!    hello                ->
//!                         <-   [Tue Feb  3 09:05:00 2026] hello
//!                              |<------ 27 bytes ------>||< 5 >|
//! ```
//!
//! The stamp is the server's local time in the form of ctime(3): 24 characters, the day of the month padded with a blank.
//! Local time, since that is what the older programs send which this one talks to; it says neither the zone nor whether it
//! is summer, so a new protocol would rather send UTC with a `Z` (RFC 3339).
//!
//! **There is no frame.** A piece is whatever one read of the server gave: two lines may come back under one stamp, or
//! one line under two stamps, in the middle of a word even. But a client knows what it has sent, so it knows which of the
//! bytes that come back are its own: see [`Answer`]. In one case that is not enough: if what it sent looks itself like a
//! stamp, and the server's reads ended exactly before it. Then the answer ends too early or too late by 27 bytes, and the
//! next one does not begin as it should; the client says so and ends. A frame would be the cure: lesson 05.

use std::fmt;

/// Bytes of a stamp: `[`, 24 characters of time, `]` and a blank.
pub(crate) const STAMP: usize = 27;
/// The most bytes that the server takes for one piece.
pub(crate) const PIECE: usize = 1024;

/// Why an answer is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Where a stamp belongs is something else.
    NoStamp,
    /// Behind a stamp are other bytes than those that were sent.
    NotSent,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::NoStamp => "it does not begin with the time in brackets",
            Fault::NotSent => "it gives back other bytes than were sent",
        })
    }
}

/// The answer to some bytes, as it comes in: one or more stamps, each followed by a part of what was sent.
pub(crate) struct Answer<'a> {
    /// What was sent and has not come back.
    rest: &'a [u8],
    /// What came in.
    bytes: Vec<u8>,
    /// How many of these are understood.
    understood: usize,
    /// The next bytes must be a stamp.
    stamp: bool,
}

impl<'a> Answer<'a> {
    /// The answer to these bytes, at least one.
    pub(crate) fn to(sent: &'a [u8]) -> Answer<'a> {
        Answer { rest: sent, bytes: Vec::new(), understood: 0, stamp: true }
    }

    /// How many bytes it takes, at least, until the answer is whole: 0 when it is.
    pub(crate) fn missing(&self) -> usize {
        let stamp = if self.stamp { STAMP } else { 0 };
        (stamp + self.rest.len()).saturating_sub(self.bytes.len() - self.understood)
    }

    /// Takes in bytes, no more than were missing.
    ///
    /// # Errors
    ///
    /// They are no answer to what was sent.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes.extend_from_slice(bytes);
        loop {
            let new = &self.bytes[self.understood..];
            if self.stamp {
                if !begins_as_stamp(new) {
                    return Err(Fault::NoStamp);
                }
                if new.len() < STAMP {
                    return Ok(());
                }
                self.understood += STAMP;
                self.stamp = false;
            } else {
                let same = new.iter().zip(self.rest).take_while(|(came, sent)| came == sent).count();
                if same == new.len() {
                    // All of it may be what was sent. Another stamp that begins like it is told apart by what follows.
                    if same == self.rest.len() {
                        self.understood += same;
                        self.rest = &[];
                    }
                    return Ok(());
                }
                // The next stamp begins before the first byte that differs, at most its own length before it.
                let part = (same.saturating_sub(STAMP - 1)..=same).find(|part| begins_as_stamp(&new[*part..]));
                let part = part.ok_or(Fault::NotSent)?;
                self.understood += part;
                self.rest = &self.rest[part..];
                self.stamp = true;
            }
        }
    }

    /// All of it, as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Whether these bytes are a stamp, or the beginning of one, or begin with one. The names of the days and months are
/// those of the C locale, in which ctime(3) always writes.
fn begins_as_stamp(bytes: &[u8]) -> bool {
    const FORM: &[u8; STAMP] = b"[Aaa Aaa _d dd:dd:dd dddd] ";
    bytes.iter().zip(FORM).all(|(byte, form)| match form {
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        b'd' => byte.is_ascii_digit(),
        b'_' => byte.is_ascii_digit() || *byte == b' ',
        form => byte == form,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "[Tue Feb  3 09:05:00 2026] ";

    /// Feeds an answer in pieces of this size, never more than is missing, and says how much of it was left over.
    fn feed(sent: &[u8], answer: &[u8], piece: usize) -> Result<usize, Fault> {
        let mut read = Answer::to(sent);
        let mut rest = answer;
        while read.missing() > 0 && !rest.is_empty() {
            let (now, later) = rest.split_at(piece.min(read.missing()).min(rest.len()));
            read.feed(now)?;
            rest = later;
        }
        assert!(answer.starts_with(read.bytes()));
        Ok(rest.len() + read.missing())
    }

    #[test]
    fn an_answer_may_be_cut_anywhere_and_the_server_may_have_read_in_any_pieces() {
        for sent in ["x", "hello", "[", "[Tue", "a[b[c", "[Tue Feb  3 09:05:00 2026]", "[Tue Feb  3 09:05:00 2026] x"] {
            for cut in 0..=sent.len() {
                let (one, two) = sent.split_at(cut);
                let pieces = [one, two].into_iter().filter(|piece| !piece.is_empty());
                let answer: String = pieces.map(|piece| format!("{TIME}{piece}")).collect();
                // What cannot be told apart, and is said to be so above.
                let unclear = cut > 0 && TIME.starts_with(two.get(..two.len().min(STAMP)).unwrap_or(two));
                for piece in 1..=answer.len() {
                    let left = feed(sent.as_bytes(), answer.as_bytes(), piece);
                    assert!(left == Ok(0) || (unclear && !two.is_empty()), "{sent:?} cut at {cut}: {left:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(feed(b"hello", b"hello", 1), Err(Fault::NoStamp));
        assert_eq!(feed(b"hello", b"[tue Feb  3 09:05:00 2026] hello", 7), Err(Fault::NoStamp));
        assert_eq!(feed(b"hello", format!("{TIME}hallo").as_bytes(), 40), Err(Fault::NotSent));
        assert_eq!(feed(b"hello", format!("{TIME}he[Tue").as_bytes(), 40), Ok(26));
        assert_eq!(feed(b"hello", format!("{TIME}he[tua").as_bytes(), 40), Err(Fault::NotSent));
    }
}
