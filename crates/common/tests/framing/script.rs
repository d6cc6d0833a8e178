//! A reader that gives what it is told to give, read by read: no socket, no clock.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};

enum Step {
    Bytes(Vec<u8>),
    Error(ErrorKind),
}

/// Ends after the last step. Each read takes at most what one step has.
#[derive(Default)]
pub(crate) struct Script(VecDeque<Step>);

impl Script {
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Script {
        self.0.push_back(Step::Bytes(bytes.to_vec()));
        self
    }

    pub(crate) fn error(mut self, kind: ErrorKind) -> Script {
        self.0.push_back(Step::Error(kind));
        self
    }

    pub(crate) fn pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Script {
        // A step of no bytes would be an end of the stream.
        let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        pieces.fold(Script::default(), Script::bytes)
    }

    /// As [`pieces`](Script::pieces), with a timeout and an interruption before and after each of them.
    pub(crate) fn slow<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Script {
        let disturbed = |script: Script| script.error(ErrorKind::WouldBlock).error(ErrorKind::Interrupted);
        let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        pieces.fold(disturbed(Script::default()), |script, piece| disturbed(script.bytes(piece)))
    }
}

impl Read for Script {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.pop_front() {
            None => Ok(0),
            Some(Step::Error(kind)) => Err(kind.into()),
            Some(Step::Bytes(mut bytes)) => {
                let count = bytes.len().min(into.len());
                into[..count].copy_from_slice(&bytes[..count]);
                if count < bytes.len() {
                    self.0.push_front(Step::Bytes(bytes.split_off(count)));
                }
                Ok(count)
            }
        }
    }
}
