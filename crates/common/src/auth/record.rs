use super::{Error, HmacSha256, TAG, tag, verify};
use crate::framing::{Decoder, HEADER};

/// The most bytes of payload in one record. A longer text is sent in several.
pub const RECORD_MAXIMUM: usize = 16_384;

/// The most that a record's length may say: type, payload, tag.
const LENGTH_MAXIMUM: usize = 1 + RECORD_MAXIMUM + TAG;

const DATA: u8 = 0;
const END: u8 = 1;

/// The number of the next record, which is never sent: both sides count.
#[derive(Debug)]
pub(super) enum Next {
    Number(u64),
    Exhausted,
    /// After the end, or after an error.
    Over,
}

impl Next {
    /// This number; the next time the next one. No number is ever given twice.
    fn take(&mut self) -> Result<u64, Error> {
        match *self {
            Next::Number(number) => {
                *self = number.checked_add(1).map_or(Next::Exhausted, Next::Number);
                Ok(number)
            }
            Next::Exhausted => Err(Error::Exhausted),
            Next::Over => Err(Error::Over),
        }
    }
}

/// Makes the records of one direction, without writing them anywhere.
///
/// ```text
///   +----+----+----+----+------+-----------+--------------------------------------------------+
///   | 00   00   00   26 |  00  | h e l l o | 32 bytes: HMAC(key, number, length, type, payload) |
///   +----+----+----+----+------+-----------+--------------------------------------------------+
///     length of the rest  type    payload     the number has 8 bytes and counts from 0
/// ```
#[derive(Debug)]
pub struct RecordEncoder {
    key: HmacSha256,
    pub(super) next: Next,
}

impl RecordEncoder {
    pub(super) fn new(key: HmacSha256) -> RecordEncoder {
        RecordEncoder { key, next: Next::Number(0) }
    }

    /// The record of `payload`, to be written whole and before any other.
    ///
    /// # Errors
    ///
    /// [`Error::BadRecord`] for more than [`RECORD_MAXIMUM`] bytes; no number is used up. [`Error::Over`] after the end.
    /// [`Error::Exhausted`] after 2^64 records.
    pub fn data(&mut self, payload: &[u8]) -> Result<Vec<u8>, Error> {
        let mut record = Vec::new();
        self.data_into(payload, &mut record)?;
        Ok(record)
    }

    /// Appends the record of `payload` to `out`, which allocates nothing if there is room: 37 bytes more than the payload.
    ///
    /// # Errors
    ///
    /// As of [`data`](RecordEncoder::data); `out` is as it was.
    pub fn data_into(&mut self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if payload.len() > RECORD_MAXIMUM {
            return Err(Error::BadRecord("too many bytes"));
        }
        self.record(DATA, payload, out)
    }

    /// The end. Write it and then shut down writing; there are no records after it.
    ///
    /// # Errors
    ///
    /// [`Error::Over`] after the end. [`Error::Exhausted`] after 2^64 records.
    pub fn end(&mut self) -> Result<Vec<u8>, Error> {
        let mut record = Vec::new();
        self.end_into(&mut record)?;
        Ok(record)
    }

    /// Appends the end to `out`.
    ///
    /// # Errors
    ///
    /// As of [`end`](RecordEncoder::end); `out` is as it was.
    pub fn end_into(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.record(END, &[], out)?;
        self.stop();
        Ok(())
    }

    /// No more records: one was not written whole, so that the other side would read the next one in the middle of it.
    pub fn stop(&mut self) {
        self.next = Next::Over;
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.next, Next::Over)
    }

    fn record(&mut self, kind: u8, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let number = self.next.take()?.to_be_bytes();
        let length = (1 + payload.len() + TAG) as u32; // at most LENGTH_MAXIMUM
        let begin = out.len();
        out.reserve(HEADER + length as usize);
        out.extend_from_slice(&length.to_be_bytes());
        out.push(kind);
        out.extend_from_slice(payload);
        let tag = tag(&self.key, &[&number, &out[begin..]]);
        out.extend_from_slice(&tag);
        Ok(())
    }
}

/// What a record says.
#[derive(Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// Bytes of the stream, perhaps none.
    Data(&'a [u8]),
    /// The other side has sent everything.
    End,
}

/// Takes the records of one direction apart, without reading from anywhere itself. Feed it what arrived, take the
/// records until there are none, feed again. It holds at most one unfinished record and what was fed last.
#[derive(Debug)]
pub struct RecordDecoder {
    frames: Decoder,
    key: HmacSha256,
    pub(super) next: Next,
    ended: bool,
}

impl RecordDecoder {
    pub(super) fn new(key: HmacSha256) -> RecordDecoder {
        RecordDecoder { frames: Decoder::new(LENGTH_MAXIMUM), key, next: Next::Number(0), ended: false }
    }

    /// Appends bytes that arrived, in any number and cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.frames.feed(bytes);
    }

    /// The next record, if it is whole and its tag is right.
    ///
    /// # Errors
    ///
    /// [`Error::BadTag`], [`Error::BadRecord`] (a longer one than allowed at its first four bytes), [`Error::AfterEnd`].
    /// After any of them nothing that was fed can be trusted, and every later call fails with [`Error::Over`]: close the
    /// connection, and do not answer.
    pub fn record(&mut self) -> Result<Option<Record<'_>>, Error> {
        if self.ended {
            return if self.is_empty() { Ok(None) } else { Err(self.stop(Error::AfterEnd)) };
        }
        if let Next::Over = self.next {
            return Err(Error::Over);
        }
        let body = match self.frames.frame() {
            Ok(Some(body)) => body,
            Ok(None) => return Ok(None),
            Err(_) => {
                self.next = Next::Over;
                return Err(Error::BadRecord("a length over the maximum"));
            }
        };
        match open(&self.key, &mut self.next, body) {
            Ok(record) => {
                self.ended = record == Record::End;
                Ok(Some(record))
            }
            Err(error) => {
                self.next = Next::Over;
                Err(error)
            }
        }
    }

    /// What it means that the stream ends now: `Ok` behind the authenticated end and nowhere else. Take all records first.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`], also between two records; [`Error::AfterEnd`].
    pub fn end(&mut self) -> Result<(), Error> {
        match (self.ended, self.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(self.stop(Error::AfterEnd)),
            (false, _) => Err(self.stop(Error::Truncated)),
        }
    }

    /// The least number of further bytes before [`record`](RecordDecoder::record) can give anything but `None`; 0 if it
    /// can now.
    pub fn needs(&self) -> usize {
        self.frames.needs()
    }

    /// Whether the authenticated end has been taken.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether an error has ended it.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.next, Next::Over)
    }

    /// Whether no byte is left of what was fed.
    fn is_empty(&mut self) -> bool {
        matches!(self.frames.frame(), Ok(None)) && self.frames.needs() == HEADER
    }

    fn stop(&mut self, error: Error) -> Error {
        self.ended = false;
        self.next = Next::Over;
        error
    }
}

/// What the body of the next record says: type, payload, tag. The tag is checked before anything else is looked at.
fn open<'a>(key: &HmacSha256, next: &mut Next, body: &'a [u8]) -> Result<Record<'a>, Error> {
    let number = next.take()?.to_be_bytes();
    let length = (body.len() as u32).to_be_bytes(); // at most LENGTH_MAXIMUM
    let untagged = body.len().checked_sub(TAG).filter(|untagged| *untagged > 0);
    let (untagged, tag) = body.split_at(untagged.ok_or(Error::BadRecord("no room for type and tag"))?);
    if !verify(key, &[&number, &length, untagged], tag) {
        return Err(Error::BadTag);
    }
    match untagged {
        [DATA, payload @ ..] => Ok(Record::Data(payload)),
        [END] => Ok(Record::End),
        _ => Err(Error::BadRecord("a type that there is not")),
    }
}
