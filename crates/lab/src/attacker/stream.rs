//! A third party that the lab plays itself: it sends bytes that no honest program would send.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::Context;
use socket2::{Domain, Socket, Type};

use crate::kernel;
use crate::kernel::gate::{Taken, taken};
use crate::poll::{PATIENCE, Waiting, until};
use crate::process::descriptors;
use crate::record::recorder::Recorder;
use crate::record::{Way, What, Who};
use crate::verdict::Void;
use crate::watch::{Rest, Watch};

/// Whatever comes, byte after byte: nothing is waited for longer than this.
const LONGEST: Duration = Duration::from_secs(60);

/// Between two looks whether a read has waited too long.
const LOOK: Duration = Duration::from_millis(100);

/// One connection of an attacker, made straight to the server. Dropping it closes it.
pub struct Attacker {
    who: Who,
    connection: usize,
    stream: TcpStream,
    /// Before it connected.
    began: Instant,
    sent: u64,
    /// How long a read waits.
    patience: Duration,
    /// The server has let this one lose its patience once: it is not waited for again until it reads.
    unread: bool,
    /// A write has taken too long.
    stuck: bool,
    recorder: Recorder,
    watch: Watch,
}

impl Attacker {
    /// With `room`, its receive buffer has about so many bytes (SO_RCVBUF, socket(7)).
    pub(crate) fn connect(
        who: Who,
        server: SocketAddr,
        room: Option<usize>,
        recorder: Recorder,
        watch: &Watch,
    ) -> anyhow::Result<Attacker> {
        let began = Instant::now();
        let connect = || -> io::Result<TcpStream> {
            let socket = Socket::new(Domain::for_address(server), Type::STREAM, None)?;
            // Before it connects: the window is agreed on then (tcp(7)).
            room.map_or(Ok(()), |room| socket.set_recv_buffer_size(room))?;
            socket.connect_timeout(&server.into(), PATIENCE)?;
            Ok(socket.into())
        };
        let stream = connect().context("the attacker cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        watch.pair(stream.local_addr()?, server);
        recorder.call(stream.local_addr()?, &format!("<{who}>"));
        let connection = recorder.connection(who, crate::record::SERVER);
        Ok(Attacker {
            who,
            connection,
            stream,
            began,
            sent: 0,
            patience: PATIENCE,
            unread: false,
            stuck: false,
            recorder,
            watch: watch.clone(),
        })
    }

    /// Waits for the server no longer than this, instead of the lab's ten seconds.
    ///
    /// # Errors
    ///
    /// The socket takes no such timeout: zero, say.
    pub fn patience(&mut self, longest: Duration) -> anyhow::Result<()> {
        self.stream.set_read_timeout(Some(longest))?;
        self.patience = longest;
        Ok(())
    }

    /// Reads what comes next, with patience.
    #[expect(clippy::disallowed_methods, reason = "the attacker takes whatever comes")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waiting = Waiting::with_looks_every(LOOK);
        self.stream.set_read_timeout(Some(LOOK.min(self.patience)))?;
        loop {
            match self.stream.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_late(&error) && waiting.look() < self.patience => {}
                outcome => return outcome,
            }
        }
    }

    /// Who this is on the record.
    pub fn who(&self) -> Who {
        self.who
    }

    /// The number of the connection on the record.
    pub fn connection(&self) -> usize {
        self.connection
    }

    /// Sends these bytes. That the server has already closed is no error; it is on the record. Where it has let an earlier
    /// write wait for too long, nobody knows what of it has left, and nothing more is sent.
    pub fn send(&mut self, bytes: &[u8]) {
        if self.stuck {
            return;
        }
        self.recorder.add_bytes(self.who, self.connection, Way::ToServer, bytes);
        match self.stream.write_all(bytes) {
            Ok(()) => self.sent += bytes.len() as u64,
            Err(error) if is_late(&error) => {
                self.stuck = true;
                let what = "cannot send all of this: the server does not read, and the buffers are full".to_string();
                self.recorder.add(self.who, Some(self.connection), What::Step(what));
            }
            Err(_) => {}
        }
    }

    /// Sends the same byte this often, or until the server has closed. The record keeps the number and the first few.
    pub fn flood(&mut self, byte: u8, total: usize) {
        /// Bytes of one write.
        const PIECE: usize = 64 * 1024;
        let piece = vec![byte; PIECE.min(total)];
        let bytes = piece[..piece.len().min(64)].to_vec();
        self.recorder.add(self.who, Some(self.connection), What::Bytes { way: Way::ToServer, bytes, total });
        let (begin, mut left) = (Instant::now(), total);
        while left > 0 && begin.elapsed() < LONGEST && self.stream.write_all(&piece[..left.min(PIECE)]).is_ok() {
            self.sent += left.min(PIECE) as u64;
            left -= left.min(PIECE);
        }
    }

    /// Sends the same byte again and again, each well within `timeout` after the one before, until the server ends the
    /// connection or has read one that was sent more than `lasting` after it had read the first; then `last`. Gives the
    /// age of the connection when the server ended it; `None` if it read to the last.
    ///
    /// How many bytes these are depends on the machine, so only the first and the last are on the record with their
    /// values. To be called as soon as there is a connection: from then on the server waits.
    ///
    /// # Errors
    ///
    /// [`Void`]: a byte came later than `timeout` after the one before.
    pub fn drip(
        &mut self,
        byte: u8,
        timeout: Duration,
        lasting: Duration,
        last: u8,
    ) -> anyhow::Result<Option<Duration>> {
        let pace = timeout / 10;
        self.send(&[byte]);
        let mut late = self.began.elapsed() >= timeout;
        self.is_read();
        let first_read = Instant::now();
        self.recorder.add(self.who, Some(self.connection), What::Step("goes on, a byte now and then".to_string()));
        let mut before = first_read;
        let mut outlasted = false;
        let mut ended = self.ends_within(pace)?;
        while !ended && !outlasted {
            let now = Instant::now();
            if self.stream.write_all(&[byte]).is_ok() {
                self.sent += 1;
            }
            // The server began to wait for this byte after `before`, and by now it has come.
            late |= before.elapsed() >= timeout;
            self.is_read();
            outlasted = now.duration_since(first_read) > lasting;
            before = now;
            ended = self.ends_within(pace)?;
        }
        let age = self.began.elapsed();
        if ended {
            self.tell(What::Step("ends the connection".to_string()));
        } else {
            self.send(&[last]);
            late |= before.elapsed() >= timeout;
        }
        if late {
            return Err(Void("the attacker came too late with a byte".to_string()).into());
        }
        Ok(ended.then_some(age))
    }

    /// Waits until the server has read all that was sent, or has closed, where the kernel tells that.
    fn is_read(&mut self) {
        if kernel::sees_sockets() {
            self.wait_until_taken();
        }
    }

    /// Waits until the server has read all that was sent, or has closed; `None`: neither, and nobody will do so any more.
    fn wait_until_taken(&mut self) -> Option<Taken> {
        let (Ok(local), Ok(remote)) = (self.stream.local_addr(), self.stream.peer_addr()) else {
            return Some(Taken::Gone);
        };
        let mut outcome = None;
        let mut rest = Rest::new();
        until(if self.unread { Duration::ZERO } else { PATIENCE }, || {
            outcome = taken(local, remote, self.sent);
            outcome.is_some() || rest.is_hopeless(&self.watch)
        });
        self.unread = outcome.is_none();
        outcome
    }

    /// Reads for so long and says whether the server has ended the connection.
    #[expect(clippy::disallowed_methods, reason = "the attacker takes whatever comes until the end")]
    fn ends_within(&mut self, time: Duration) -> anyhow::Result<bool> {
        let end = Instant::now() + time;
        let mut buffer = [0; 4096];
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(true),
                Ok(length) => self.heard(&buffer[..length], &mut Vec::new()),
                Err(error) if error.kind() == ErrorKind::Interrupted || is_late(&error) => {}
                Err(_) => return Ok(true),
            }
        }
    }

    /// Waits until the server has read everything that was sent, or has closed; false when it does neither.
    pub fn taken(&mut self) -> bool {
        let outcome = self.wait_until_taken();
        if outcome == Some(Taken::Read) {
            self.recorder.add(self.who, Some(self.connection), What::Gate { way: Way::ToServer });
        }
        outcome.is_some()
    }

    /// Ends the sending half.
    pub fn half_close(&mut self) {
        self.recorder.add(self.who, Some(self.connection), What::Fin { way: Way::ToServer });
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Reads until the server ends the connection, at most `limit` bytes, and says what came. How it ended is on the
    /// record: [`What::Fin`], [`What::Rst`], or [`What::Silent`] where the server did neither before the lab lost its
    /// patience: 10 seconds without a byte, or a minute altogether.
    pub fn receive_all(&mut self, limit: usize) -> Vec<u8> {
        let begin = Instant::now();
        let mut all = Vec::new();
        let mut buffer = [0; 4096];
        while all.len() < limit {
            if begin.elapsed() > LONGEST {
                self.tell(What::Silent { way: Way::ToClient });
                break;
            }
            match self.read(&mut buffer) {
                Ok(0) => {
                    self.tell(What::Fin { way: Way::ToClient });
                    break;
                }
                Ok(length) => self.heard(&buffer[..length], &mut all),
                Err(error) => {
                    let way = Way::ToClient;
                    self.tell(if is_late(&error) { What::Silent { way } } else { What::Rst { way } });
                    break;
                }
            }
        }
        all
    }

    /// Reads exactly so many bytes; fewer when the server ends the connection first, or the lab loses its patience as in
    /// [`Attacker::receive_all`].
    pub fn receive(&mut self, length: usize) -> Vec<u8> {
        let begin = Instant::now();
        let mut bytes = vec![0; length];
        let mut got = 0;
        while got < length && begin.elapsed() < LONGEST {
            match self.read(&mut bytes[got..]) {
                Ok(0) | Err(_) => break,
                Ok(n) => got += n,
            }
        }
        bytes.truncate(got);
        if !bytes.is_empty() {
            self.recorder.add_bytes(crate::record::SERVER, self.connection, Way::ToClient, &bytes);
        }
        bytes
    }

    /// Closes with a reset.
    pub fn reset(self) {
        self.recorder.add(self.who, Some(self.connection), What::Rst { way: Way::ToServer });
        let _ = socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        descriptors::close(self.stream);
    }

    fn tell(&self, what: What) {
        self.recorder.add(crate::record::SERVER, Some(self.connection), what);
    }

    fn heard(&self, bytes: &[u8], all: &mut Vec<u8>) {
        all.extend_from_slice(bytes);
        self.recorder.add_bytes(crate::record::SERVER, self.connection, Way::ToClient, bytes);
    }
}

/// An unanswered read gives EAGAIN, on Windows ETIMEDOUT: SO_RCVTIMEO, socket(7).
fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
