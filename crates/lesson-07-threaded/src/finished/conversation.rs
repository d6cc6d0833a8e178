//! One conversation, whoever reads and writes for it: fed with pieces, it says what to answer and when it is over.
//!
//! It has no socket, no thread and no clock, and so all forms of the server share it.

use super::wire::{AGAIN, LONGEST, ZERO};

/// How much to read at once: a command and the byte that shows it to be too long.
pub(super) const PIECE: usize = LONGEST + 1;

/// What has been said so far.
pub(super) struct Conversation {
    /// A command ends with a newline and nowhere else.
    lines: bool,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
    /// Commands answered so far.
    commands: u64,
}

/// What is to be done after a piece.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Read on.
    Read,
    /// The client said `exit`: send the answers to what came before it, then the end.
    Exit,
    /// A command is longer than [`LONGEST`]: where the next one would begin is not known.
    TooLong,
}

impl Conversation {
    /// With `lines`, a command is a line. Without, it is what one read gives, as the menu's first clients rely on, and a
    /// newline at its end or within it ends a command too.
    pub(super) fn new(lines: bool) -> Conversation {
        Conversation { lines, rest: Vec::new(), commands: 0 }
    }

    pub(super) fn commands(&self) -> u64 {
        self.commands
    }

    /// Whether a line has begun whose end has not come.
    pub(super) fn in_a_line(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Takes what one read of at most [`PIECE`] bytes gave, and appends the answers.
    pub(super) fn feed(&mut self, piece: &[u8], answers: &mut Vec<u8>) -> Next {
        // A full buffer ends where the buffer ended, and that is no end of a command.
        let cut = piece.len() >= PIECE;
        self.rest.extend_from_slice(piece);
        let whole = std::mem::take(&mut self.rest);
        let mut rest = &whole[..];
        while !rest.is_empty() {
            let (line, after) = match rest.iter().position(|byte| *byte == b'\n') {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None if (self.lines || cut) && rest.len() <= LONGEST => {
                    self.rest = rest.to_vec();
                    return Next::Read;
                }
                None => (rest, &[][..]),
            };
            if line.len() > LONGEST {
                return Next::TooLong;
            }
            match line.strip_suffix(b"\r").unwrap_or(line) {
                b"exit" => return Next::Exit,
                b"0" => answers.extend_from_slice(ZERO.as_bytes()),
                _ => answers.extend_from_slice(AGAIN.as_bytes()),
            }
            self.commands += 1;
            rest = after;
        }
        Next::Read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of these pieces: which answers, and what is to be done in the end.
    fn talk(lines: bool, pieces: &[&[u8]]) -> (String, Next) {
        let mut conversation = Conversation::new(lines);
        let mut answers = Vec::new();
        let mut next = Next::Read;
        // Nothing is never read: that is the end.
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            assert_eq!(next, Next::Read, "nothing is read after the end");
            next = conversation.feed(piece, &mut answers);
        }
        assert_eq!(conversation.commands(), answers.len() as u64 / 16);
        let text = String::from_utf8(answers).expect("UTF-8");
        (text.replace(ZERO, "0").replace(AGAIN, "?"), next)
    }

    #[test]
    fn a_piece_is_a_command_and_so_is_each_line_in_it() {
        assert_eq!(talk(false, &[b"0", b"00", b"0\n", b"0\r\n", b" 0", b"0 ", b"\n", b"Exit"]).0, "0?00????");
        assert_eq!(talk(false, &[b"0\nx\r\n0"]), ("0?0".to_string(), Next::Read));
        assert_eq!(talk(false, &[b"0\nexit\n0\n"]), ("0".to_string(), Next::Exit));
        assert_eq!(talk(false, &[b"ex", b"it"]), ("??".to_string(), Next::Read));
        for exit in [&b"exit"[..], b"exit\n", b"exit\r\n"] {
            assert_eq!(talk(false, &[exit]), (String::new(), Next::Exit));
        }
    }

    #[test]
    fn a_line_is_the_same_however_it_is_cut() {
        let sent = b"0\n00\nsome words\r\n\n0\r\nexit\n";
        for first in 0..=sent.len() {
            for second in first..=sent.len() {
                let pieces = [&sent[..first], &sent[first..second], &sent[second..]];
                assert_eq!(talk(true, &pieces), ("0???0".to_string(), Next::Exit), "{first} {second}");
            }
        }
        assert_eq!(talk(true, &[b"exit"]), (String::new(), Next::Read));
    }

    #[test]
    fn a_command_has_its_limit_and_many_short_ones_have_none() {
        for lines in [false, true] {
            assert_eq!(talk(lines, &[&[b'x'; PIECE]]), (String::new(), Next::TooLong));
            let mut most = [b'x'; PIECE];
            most[LONGEST] = b'\n';
            assert_eq!(talk(lines, &[&most]), ("?".to_string(), Next::Read));
            // Cut by the buffer: the line goes on.
            let many = b"0\n".repeat(PIECE);
            let pieces: Vec<_> = many.chunks(PIECE).collect();
            assert_eq!(talk(lines, &pieces), ("0".repeat(PIECE), Next::Read));
        }
        assert_eq!(talk(false, &[&[b'x'; LONGEST]]), ("?".to_string(), Next::Read));
        assert_eq!(talk(true, &[&[b'x'; LONGEST], b"x\n"]), (String::new(), Next::TooLong));
        assert_eq!(talk(true, &[&[b'x'; LONGEST], b"\n"]), ("?".to_string(), Next::Read));
    }
}
