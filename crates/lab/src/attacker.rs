//! A third party that the lab plays itself: it sends bytes that no honest program would send.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context;

use crate::descriptors;
use crate::poll::{PATIENCE, until};
use crate::record::{Way, What, Who};
use crate::recorder::Recorder;
use crate::relay::has_taken;
use crate::watch::Watch;

/// One connection of an attacker, made straight to the server. Dropping it closes it.
pub struct Attacker {
    who: Who,
    connection: usize,
    stream: TcpStream,
    sent: u64,
    recorder: Recorder,
}

impl Attacker {
    pub(crate) fn connect(who: Who, server: SocketAddr, recorder: Recorder, watch: &Watch) -> anyhow::Result<Attacker> {
        let stream = TcpStream::connect_timeout(&server, PATIENCE).context("the attacker cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        watch.pair(stream.local_addr()?, server);
        recorder.call(stream.local_addr()?, &format!("<{who}>"));
        let connection = recorder.connection(who, crate::record::SERVER);
        Ok(Attacker { who, connection, stream, sent: 0, recorder })
    }

    /// Waits for the server no longer than this, instead of the lab's ten seconds.
    ///
    /// # Errors
    ///
    /// The socket takes no such timeout: zero, say.
    pub fn patience(&mut self, longest: Duration) -> anyhow::Result<()> {
        Ok(self.stream.set_read_timeout(Some(longest))?)
    }

    /// Who this is on the record.
    pub fn who(&self) -> Who {
        self.who
    }

    /// The number of the connection on the record.
    pub fn connection(&self) -> usize {
        self.connection
    }

    /// Sends these bytes. That the server has already closed is no error; it is on the record.
    pub fn send(&mut self, bytes: &[u8]) {
        self.recorder.add_bytes(self.who, self.connection, Way::ToServer, bytes);
        if self.stream.write_all(bytes).is_ok() {
            self.sent += bytes.len() as u64;
        }
    }

    /// Sends the same byte this often, or until the server has closed. The record keeps the number and the first few.
    pub fn flood(&mut self, byte: u8, total: usize) {
        /// Bytes of one write.
        const PIECE: usize = 64 * 1024;
        let piece = vec![byte; PIECE.min(total)];
        let bytes = piece[..piece.len().min(64)].to_vec();
        self.recorder.add(self.who, Some(self.connection), What::Bytes { way: Way::ToServer, bytes, total });
        let mut left = total;
        while left > 0 && self.stream.write_all(&piece[..left.min(PIECE)]).is_ok() {
            self.sent += left.min(PIECE) as u64;
            left -= left.min(PIECE);
        }
    }

    /// Waits until the server has read everything that was sent, or has closed; false when it does neither.
    pub fn taken(&mut self) -> bool {
        let (Ok(local), Ok(remote)) = (self.stream.local_addr(), self.stream.peer_addr()) else { return true };
        let taken = until(PATIENCE, || has_taken(local, remote, self.sent));
        if taken {
            self.recorder.add(self.who, Some(self.connection), What::Gate { way: Way::ToServer });
        }
        taken
    }

    /// Ends the sending half.
    pub fn half_close(&mut self) {
        self.recorder.add(self.who, Some(self.connection), What::Fin { way: Way::ToServer });
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Reads until the server ends the connection, at most `limit` bytes, and says what came. How it ended is on the
    /// record: [`What::Fin`], [`What::Rst`], or [`What::Silent`] where the server did neither before the lab lost its
    /// patience.
    #[expect(clippy::disallowed_methods, reason = "the attacker takes whatever comes until the end")]
    pub fn receive_all(&mut self, limit: usize) -> Vec<u8> {
        let mut all = Vec::new();
        let mut buffer = [0; 4096];
        while all.len() < limit {
            match self.stream.read(&mut buffer) {
                Ok(0) => {
                    self.tell(What::Fin { way: Way::ToClient });
                    break;
                }
                Ok(length) => self.heard(&buffer[..length], &mut all),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let way = Way::ToClient;
                    // An unanswered read gives EAGAIN, on Windows ETIMEDOUT: SO_RCVTIMEO, socket(7).
                    let late = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                    self.tell(if late { What::Silent { way } } else { What::Rst { way } });
                    break;
                }
            }
        }
        all
    }

    /// Reads exactly so many bytes; fewer when the server ends the connection first.
    pub fn receive(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let mut got = 0;
        #[expect(clippy::disallowed_methods, reason = "counts what came before an end")]
        while got < length {
            match self.stream.read(&mut bytes[got..]) {
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
