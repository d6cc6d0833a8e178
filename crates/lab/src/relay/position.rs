//! Where a script is in one direction of a stream: what has come in, what has left, where the current frame begins. It
//! does no I/O, so every cut can be tested byte by byte.
//!
//! ```text
//!   0            frame        left              here
//!   ├─ earlier ──┼── begun ───┼───── held ──────┤      sender ──► held ──► sent to the reader, or dropped
//! ```

use crate::relay::script::{At, Extent, Layout};

/// What one direction has carried so far. Places are offsets in the stream as its sender wrote it: bytes that the script
/// puts in do not count, bytes that it drops do.
#[derive(Debug)]
pub(super) struct Position {
    layout: Layout,
    /// Bytes that came in and have not left yet.
    held: Vec<u8>,
    /// Bytes of the stream that went on to the reader.
    sent: usize,
    /// Bytes of the stream that were thrown away.
    dropped: usize,
    /// Bytes that went on to the reader and do not belong to the stream.
    inserted: usize,
    /// Where the current frame begins.
    frame: usize,
    /// The bytes that have left of a frame whose sizes are not known: of the current one, or behind its end of the next.
    begun: Vec<u8>,
    /// The sizes of the current frame, once its header has come.
    sizes: Option<Extent>,
    /// The sender has ended the stream.
    ended: bool,
    /// There may be further steps, which may ask for places in the current frame.
    scripted: bool,
}

/// One byte that was changed before it left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flipped {
    pub(super) offset: usize,
    pub(super) was: u8,
    pub(super) now: u8,
}

impl Position {
    pub(super) fn new(layout: Layout, scripted: bool) -> Position {
        let (held, begun, sizes) = (Vec::new(), Vec::new(), None);
        Position { layout, held, sent: 0, dropped: 0, inserted: 0, frame: 0, begun, sizes, ended: false, scripted }
    }

    /// These bytes have come in.
    pub(super) fn came(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// No more bytes come in.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// What follows is the rest of the stream: nobody asks for a place in a frame any more.
    pub(super) fn script_is_over(&mut self) {
        self.scripted = false;
        self.begun.clear();
    }

    /// Bytes that came in and have not left yet.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Where the bytes end that have come in.
    pub(super) fn here(&self) -> usize {
        self.left() + self.held.len()
    }

    /// Where the bytes begin that have not left yet.
    fn left(&self) -> usize {
        self.sent + self.dropped
    }

    /// Bytes of the stream that went on to the reader.
    pub(super) fn sent(&self) -> usize {
        self.sent
    }

    /// Bytes that were written to the reader.
    pub(super) fn written(&self) -> usize {
        self.sent + self.inserted
    }

    /// The place as an offset, as soon as the stream is there up to it. Where the stream ends earlier, its end is the
    /// place; where the place has been passed, it is where the next bytes leave.
    pub(super) fn reached(&mut self, at: At) -> Option<usize> {
        let here = self.here();
        match self.place(at) {
            Some(place) if place <= here => Some(place.max(self.left())),
            _ => self.ended.then_some(here),
        }
    }

    /// The place as an offset, when enough is known of it.
    fn place(&mut self, at: At) -> Option<usize> {
        match at {
            At::Byte(offset) => Some(offset),
            At::Header(offset) => Some(self.frame + offset),
            At::Body(offset) => Some(self.frame + self.measure()?.header + offset),
            At::FrameEnd => {
                let extent = self.measure()?;
                Some(self.frame + extent.header + extent.payload)
            }
            At::StreamEnd => self.ended.then(|| self.here()),
            At::BeforeEnd(length) => self.ended.then(|| self.here().saturating_sub(length)),
        }
    }

    /// The sizes of the current frame, of which a part may have left already.
    fn measure(&mut self) -> Option<Extent> {
        if self.sizes.is_none() {
            self.sizes = (self.layout)(&[&self.begun[..], &self.held].concat());
            if let Some(extent) = self.sizes {
                self.begun.drain(..self.begun.len().min(extent.header + extent.payload));
            }
        }
        self.sizes
    }

    /// The bytes up to this place, which is at the offset `end`: they go on to the reader.
    pub(super) fn send(&mut self, at: At, end: usize) -> Vec<u8> {
        let piece = self.leave(end);
        self.sent += piece.len();
        self.pass(at, end);
        piece
    }

    /// The bytes up to this place, which is at the offset `end`: they are thrown away.
    pub(super) fn discard(&mut self, at: At, end: usize) -> Vec<u8> {
        let piece = self.leave(end);
        self.dropped += piece.len();
        self.pass(at, end);
        piece
    }

    /// So many bytes go on that do not belong to the stream.
    pub(super) fn insert(&mut self, length: usize) {
        self.inserted += length;
    }

    /// Changes the byte at this place by xor. `None`: it has left already, or the stream ends before it.
    pub(super) fn flip(&mut self, at: At, mask: u8) -> Option<Flipped> {
        // The sizes of the frame are those that its sender meant.
        self.measure();
        let (offset, left) = (self.place(at)?, self.left());
        let byte = self.held.get_mut(offset.checked_sub(left)?)?;
        let was = *byte;
        *byte ^= mask;
        Some(Flipped { offset, was, now: *byte })
    }

    /// The script ends the stream here: nothing else goes on.
    pub(super) fn cut(&mut self) {
        self.held.clear();
        self.ended = true;
    }

    /// Takes the bytes up to this offset out. What a script may still need of them is kept.
    fn leave(&mut self, end: usize) -> Vec<u8> {
        let left = self.left();
        let end_of_frame = if self.scripted { self.place(At::FrameEnd) } else { None };
        let piece: Vec<u8> = self.held.drain(..end.saturating_sub(left).min(self.held.len())).collect();
        if self.scripted {
            let needed = end_of_frame.map_or(0, |end| end.saturating_sub(left)).min(piece.len());
            self.begun.extend_from_slice(&piece[needed..]);
        }
        piece
    }

    /// Behind the end of a frame begins the next one.
    fn pass(&mut self, at: At, end: usize) {
        if at == At::FrameEnd {
            match self.sizes.take() {
                Some(extent) => self.frame = (self.frame + extent.header + extent.payload).min(self.left()),
                // The stream has ended in its header.
                None => {
                    self.frame = end;
                    self.begun.clear();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::script::length_prefixed;

    /// Two frames of 5 + 2 bytes of payload: they begin at 0 and 9, and end at 9 and 15.
    const STREAM: &[u8] = b"\0\0\0\x05hello\0\0\0\x02ok";

    fn position() -> Position {
        Position::new(length_prefixed, true)
    }

    /// Lets the stream come in, so many bytes at a time, until a place is reached.
    fn reach(position: &mut Position, at: At, step: usize) -> usize {
        loop {
            if let Some(place) = position.reached(at) {
                return place;
            }
            let here = position.here();
            match STREAM.get(here..STREAM.len().min(here + step)) {
                Some(bytes) if !bytes.is_empty() => position.came(bytes),
                _ => position.end(),
            }
        }
    }

    /// Sends up to each of these places in turn; the pieces as text.
    fn pieces(places: &[At], step: usize) -> Vec<Vec<u8>> {
        let mut position = position();
        let mut piece = |at: &At| {
            let end = reach(&mut position, *at, step);
            position.send(*at, end)
        };
        places.iter().map(&mut piece).collect()
    }

    #[test]
    fn every_place_is_where_it_says_in_whatever_pieces_the_stream_comes() {
        for step in 1..=STREAM.len() {
            for (at, offset) in [
                (At::Byte(0), 0),
                (At::Byte(1), 1),
                (At::Byte(15), 15),
                (At::Byte(99), 15),
                (At::Header(0), 0),
                (At::Header(4), 4),
                (At::Body(0), 4),
                (At::Body(5), 9),
                (At::Body(6), 10),
                (At::FrameEnd, 9),
                (At::StreamEnd, 15),
                (At::BeforeEnd(0), 15),
                (At::BeforeEnd(4), 11),
                (At::BeforeEnd(99), 0),
            ] {
                assert_eq!(reach(&mut position(), at, step), offset, "{at:?}, {step} bytes at a time");
            }
        }
    }

    #[test]
    fn no_place_is_reached_before_its_byte_has_come() {
        for (at, offset) in [(At::Byte(7), 7), (At::Header(3), 3), (At::Body(2), 6), (At::FrameEnd, 9)] {
            let mut position = position();
            for byte in &STREAM[..offset] {
                assert_eq!(position.reached(at), None, "{at:?} at {}", position.here());
                position.came(&[*byte]);
            }
            assert_eq!(position.reached(at), Some(offset), "{at:?}");
        }
        let mut position = position();
        position.came(STREAM);
        for at in [At::StreamEnd, At::BeforeEnd(3)] {
            assert_eq!(position.reached(at), None, "{at:?}: the end has not come");
        }
    }

    #[test]
    fn a_frame_that_leaves_in_pieces_keeps_its_sizes_wherever_it_is_cut() {
        for step in [1, 2, 3, 15] {
            for cut in 0..=9 {
                let pieces = pieces(&[At::Byte(cut), At::FrameEnd, At::Body(1), At::FrameEnd], step);
                let whole: Vec<&[u8]> = vec![&STREAM[..cut], &STREAM[cut..9], &STREAM[9..14], &STREAM[14..]];
                assert_eq!(pieces, whole, "cut at {cut}, {step} bytes at a time");
            }
        }
    }

    #[test]
    fn a_frame_that_was_sent_beyond_its_end_still_ends_where_it_ends() {
        // These bytes are in the second frame; the current frame is the first until a step has reached its end.
        for step in [1, 4, 15] {
            for cut in 9..=15 {
                let places = [At::Byte(cut), At::FrameEnd, At::Header(4), At::FrameEnd];
                let header = cut.max(13);
                let whole = [&STREAM[..cut], b"", &STREAM[cut..header], &STREAM[header..]];
                assert_eq!(pieces(&places, step), whole, "cut at {cut}, {step} bytes at a time");
            }
        }
    }

    #[test]
    fn a_place_that_has_been_passed_is_where_the_next_bytes_leave() {
        let mut position = position();
        position.came(STREAM);
        assert_eq!(position.send(At::Byte(6), 6), &STREAM[..6]);
        for at in [At::Byte(2), At::Header(1), At::Body(0)] {
            assert_eq!(position.reached(at), Some(6), "{at:?}");
            assert_eq!(position.send(at, 6), b"");
        }
    }

    #[test]
    fn what_is_dropped_counts_as_stream_and_not_as_written_and_what_is_inserted_the_other_way_round() {
        for step in [1, 4, 15] {
            let mut position = position();
            let end = reach(&mut position, At::Header(2), step);
            assert_eq!(position.send(At::Header(2), end), &STREAM[..2]);
            position.insert(100);
            let end = reach(&mut position, At::Body(3), step);
            assert_eq!(position.discard(At::Body(3), end), &STREAM[2..7]);
            let end = reach(&mut position, At::FrameEnd, step);
            assert_eq!(position.discard(At::FrameEnd, end), &STREAM[7..9]);
            assert_eq!((position.sent(), position.written()), (2, 102));
            let end = reach(&mut position, At::FrameEnd, step);
            assert_eq!(position.send(At::FrameEnd, end), &STREAM[9..]);
            assert_eq!((end, position.sent(), position.written(), position.held()), (15, 8, 108, 0));
        }
    }

    #[test]
    fn a_flipped_byte_leaves_changed_and_changes_no_size() {
        for (at, offset) in [(At::Byte(3), 3), (At::Header(0), 0), (At::Body(4), 8), (At::BeforeEnd(15), 0)] {
            let mut position = position();
            position.came(STREAM);
            position.end();
            let was = STREAM[offset];
            assert_eq!(position.flip(at, 0xff), Some(Flipped { offset, was, now: !was }), "{at:?}");
            // Even where the length itself was changed.
            assert_eq!(position.reached(At::FrameEnd), Some(9), "{at:?}");
            let mut changed = STREAM.to_vec();
            changed[offset] = !was;
            assert_eq!(position.send(At::StreamEnd, 15), changed, "{at:?}");
        }
    }

    #[test]
    fn a_byte_that_has_left_or_never_comes_cannot_be_flipped() {
        let mut position = position();
        position.came(STREAM);
        position.send(At::Byte(6), 6);
        for at in [At::Byte(5), At::Header(0), At::Body(1), At::Byte(15)] {
            assert_eq!(position.flip(at, 1), None, "{at:?}");
        }
        assert_eq!(position.flip(At::Byte(6), 1).map(|flipped| flipped.offset), Some(6));
        assert_eq!(position.flip(At::Byte(14), 1).map(|flipped| flipped.offset), Some(14));
    }

    #[test]
    fn where_the_stream_ends_early_its_end_is_the_place() {
        let mut position = position();
        position.came(&STREAM[..6]);
        for at in [At::Body(4), At::FrameEnd, At::Byte(7), At::StreamEnd] {
            assert_eq!(position.reached(at), None, "{at:?}");
        }
        position.end();
        for at in [At::Body(4), At::FrameEnd, At::Byte(7), At::StreamEnd] {
            assert_eq!(position.reached(at), Some(6), "{at:?}");
        }
        assert_eq!(position.reached(At::BeforeEnd(2)), Some(4));
    }

    #[test]
    fn an_empty_stream_has_one_place() {
        let mut position = position();
        position.end();
        for at in [At::Byte(0), At::Byte(1), At::Header(0), At::Body(0), At::FrameEnd, At::StreamEnd, At::BeforeEnd(1)]
        {
            assert_eq!(position.reached(at), Some(0), "{at:?}");
        }
    }

    #[test]
    fn a_script_that_cuts_the_stream_lets_nothing_else_go() {
        let mut position = position();
        position.came(STREAM);
        position.send(At::Byte(3), 3);
        position.cut();
        assert!(position.ended());
        assert_eq!((position.here(), position.held(), position.reached(At::StreamEnd)), (3, 0, Some(3)));
    }

    #[test]
    fn after_the_script_nothing_is_kept_for_a_frame() {
        let mut position = Position::new(|_| None, true);
        position.came(b"no frame at all");
        position.send(At::Byte(2), 2);
        assert_eq!(position.begun, b"no");
        position.script_is_over();
        position.send(At::Byte(8), 8);
        assert_eq!(position.begun, b"");
    }
}
