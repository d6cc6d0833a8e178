//! Frames over what is no TCP: a Unix socket (on Unix), and a pipe in memory, as tests of your own protocol use it.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use common::framing::{Error, Frames, encode, write_frame};

const MAXIMUM: usize = 1024;

/// The end of a pipe in memory that is read. Waits for bytes; the stream ends when the other end is dropped.
struct PipeReader {
    pieces: Receiver<Vec<u8>>,
    piece: Vec<u8>,
}

struct PipeWriter(Sender<Vec<u8>>);

fn pipe() -> (PipeWriter, PipeReader) {
    let (sender, pieces) = channel();
    (PipeWriter(sender), PipeReader { pieces, piece: Vec::new() })
}

impl Read for PipeReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.recv() {
                Ok(piece) => self.piece = piece,
                Err(_) => return Ok(0),
            }
        }
        let count = into.len().min(self.piece.len());
        into[..count].copy_from_slice(&self.piece[..count]);
        self.piece.drain(..count);
        Ok(count)
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> io::Result<()> {
    in_memory()?;
    #[cfg(unix)]
    unix::sockets()?;
    Ok(())
}

/// A server in a thread that sends every frame back, in capitals. No socket, no port, no clock.
fn in_memory() -> io::Result<()> {
    let (mut to_server, requests) = pipe();
    let (mut to_client, answers) = pipe();
    let server = thread::spawn(move || -> io::Result<()> {
        let mut requests = Frames::new(requests, MAXIMUM);
        while let Some(payload) = requests.next_frame()? {
            write_frame(&mut to_client, &payload.to_ascii_uppercase(), MAXIMUM)?;
        }
        Ok(())
    });
    // A stream may be cut anywhere: here, after every byte.
    for byte in [encode(b"hello", MAXIMUM)?, encode(b"", MAXIMUM)?].concat() {
        to_server.write_all(&[byte])?;
    }
    drop(to_server);
    let mut answers = Frames::new(answers, MAXIMUM);
    assert_eq!(answers.next_frame()?.ok_or(Error::Closed)?, b"HELLO");
    assert_eq!(answers.next_frame()?.ok_or(Error::Closed)?, b"");
    assert_eq!(answers.next_frame()?, None);
    server.join().map_err(|_| io::Error::other("the server panicked"))??;
    println!("pipe in memory: 2 answers, and the clean end");

    let (mut writer, reader) = pipe();
    writer.write_all(b"\0\0\0\x05hel")?;
    drop(writer);
    let error = Frames::new(reader, MAXIMUM).next_owned().expect_err("a frame that was cut off");
    println!("pipe in memory: {error}");
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    use common::deadline::is_timeout;

    use super::*;

    /// One frame comes in two halves, with a read timeout between them, after which the reader continues.
    pub(crate) fn sockets() -> io::Result<()> {
        let (mut ours, theirs) = UnixStream::pair()?;
        theirs.set_read_timeout(Some(Duration::from_millis(1)))?;
        let mut frames = Frames::new(&theirs, MAXIMUM);
        let wire = encode(b"hello", MAXIMUM)?;
        let mut timeouts = 0;
        for half in [&wire[..6], &wire[6..]] {
            ours.write_all(half)?;
            loop {
                match frames.next_frame() {
                    Ok(payload) => {
                        assert_eq!(payload, Some(&b"hello"[..]));
                        break;
                    }
                    Err(Error::Io(error)) if is_timeout(&error) => timeouts += 1,
                    Err(error) => return Err(error.into()),
                }
                if half.len() == 6 {
                    break;
                }
            }
        }
        write_frame(&mut &theirs, b"thanks", MAXIMUM)?;
        assert_eq!(Frames::new(&ours, MAXIMUM).next_frame()?, Some(&b"thanks"[..]));
        assert!(timeouts > 0);
        drop(ours);
        assert_eq!(frames.next_frame()?, None);
        println!("Unix socket: a timeout inside a frame ({timeouts}), nothing lost");
        Ok(())
    }
}
