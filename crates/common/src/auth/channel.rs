use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use super::{Client, Error, Key, LOGIN_MAXIMUM, RECORD_MAXIMUM, REFUSAL, Record, Server, Session, Step};
use crate::deadline::Deadline;

/// A connection that is logged in. What is read came from the other side, unchanged and in order; what is written leaves
/// in records of at most [`RECORD_MAXIMUM`] bytes, one for each `write`, at once.
///
/// **Reading** gives 0 bytes only behind the authenticated end, once the connection has ended too: whatever follows the
/// end is an error. If the connection ends before (a [`finish`](Channel::finish) that is missing), that is an error of
/// kind `UnexpectedEof`; a record that was tampered with is `InvalidData`, and then nothing more is delivered or sent: the
/// connection is shut down. The [`Error`] is inside the `io::Error` ([`io::Error::get_ref`]). Empty records are skipped.
/// After a timeout a read may be tried again; nothing is lost. A timeout of the socket starts afresh with every byte that
/// comes; a [deadline](Channel::set_deadline) does not.
///
/// **Writing** that fails ends this direction, a timeout too: nobody knows how much of the record has left. The kind is
/// `BrokenPipe` afterwards, and after [`finish`](Channel::finish).
///
/// Dropped without [`finish`](Channel::finish), the channel looks cut off to the other side, which is the truth.
pub struct Channel {
    stream: Arc<TcpStream>,
    session: Session,
    deadline: Option<Deadline>,
    /// The payload of the last record, verified; how much of it has been read.
    payload: Vec<u8>,
    taken: usize,
}

impl Channel {
    /// Logs a client in to `service` (a name of 1 to 32 bytes), over a blocking socket fresh from `accept`. `key_of`
    /// gives the key of an identity.
    ///
    /// The socket may be shared (an [`Arc`]), for a thread that shuts it down when time is up: a clone would cost a
    /// descriptor. Sets the socket's timeouts as it needs them, and back when the login is done. A client that fails gets
    /// a refusal that is the same for all reasons, and at most 256 bytes more are taken from it, all within the deadline.
    ///
    /// # Errors
    ///
    /// [`Error::ClientUnproven`], [`Error::NotThisLogin`], [`Error::Closed`], [`Error::Expired`]: log it, let the stream
    /// go, serve the next. [`Error::Name`] for the service. [`Error::Io`] from the socket. The connection is closed.
    pub fn accept(
        stream: impl Into<Arc<TcpStream>>,
        service: &str,
        key_of: impl Fn(&str) -> Option<Key>,
        deadline: &Deadline,
    ) -> Result<Channel, Error> {
        let stream = stream.into();
        let (mut server, m1) = Server::new(service)?;
        let done = login(&stream, deadline, &m1, |bytes| server.feed(bytes, &key_of));
        if let Err(Error::ClientUnproven { .. } | Error::NotThisLogin(_)) = done {
            refuse(&stream, deadline);
        }
        Ok(Channel::new(stream, done?))
    }

    /// Logs in to `service` as `identity` (names of 1 to 32 bytes), over a blocking socket that is connected. Sends
    /// nothing of its own before the server has proved that it has the key.
    ///
    /// Sets the socket's timeouts as it needs them, and back when the login is done.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], [`Error::OtherService`], [`Error::ServerUnproven`], [`Error::NotThisLogin`],
    /// [`Error::Closed`], [`Error::Expired`]; [`Error::Name`] for a name. [`Error::Io`] from the socket. The connection is
    /// closed.
    pub fn connect(
        stream: impl Into<Arc<TcpStream>>,
        service: &str,
        identity: &str,
        key: &Key,
        deadline: &Deadline,
    ) -> Result<Channel, Error> {
        let stream = stream.into();
        let mut client = Client::new(service, identity, key)?;
        let session = login(&stream, deadline, &[], |bytes| client.feed(bytes))?;
        Ok(Channel::new(stream, session))
    }

    fn new(stream: Arc<TcpStream>, session: Session) -> Channel {
        Channel { stream, session, deadline: None, payload: Vec::new(), taken: 0 }
    }

    /// Who the client proved to be.
    pub fn identity(&self) -> &str {
        &self.session.identity
    }

    /// The socket, for its addresses and timeouts. Bytes written to it past the channel destroy the channel.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// From now on every read, every write and [`finish`](Channel::finish) fails with `TimedOut` at this deadline, which is
    /// one for all of them and for every byte. What came before and is verified can be read even then. Set the next one for
    /// the next answer.
    ///
    /// With a deadline, the socket's timeouts are set to what is left of it before each call, and stay so. Without one, as
    /// after a login, they are the caller's.
    pub fn set_deadline(&mut self, deadline: Option<Deadline>) {
        self.deadline = deadline;
    }

    /// Sends the authenticated end and shuts down writing. Reading goes on.
    ///
    /// # Errors
    ///
    /// Of kind `BrokenPipe` if writing is over already, else from the socket.
    pub fn finish(&mut self) -> io::Result<()> {
        let end = self.session.send.end()?;
        self.send(&end)?;
        self.stream.shutdown(Shutdown::Write)
    }

    /// One read of the socket.
    #[allow(clippy::disallowed_methods, reason = "whatever arrives is fed to the decoder, which keeps the rest")]
    fn arrive(&self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut stream = &*self.stream;
        match &self.deadline {
            Some(deadline) => deadline.over(stream).read(bytes),
            None => stream.read(bytes),
        }
    }

    /// Writes one whole record to the socket.
    fn send(&self, record: &[u8]) -> io::Result<()> {
        let mut stream = &*self.stream;
        match &self.deadline {
            Some(deadline) => deadline.over(stream).write_all(record),
            None => stream.write_all(record),
        }
    }

    /// Ends both directions without a word to the peer.
    fn abort(&mut self, error: Error) -> io::Error {
        self.session.send.stop();
        // A connection that is gone already is as good as one that is shut down.
        let _ = self.stream.shutdown(Shutdown::Both);
        error.into()
    }
}

impl Read for Channel {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let unread = &self.payload[self.taken..];
            if into.is_empty() || !unread.is_empty() {
                let count = unread.len().min(into.len());
                into[..count].copy_from_slice(&unread[..count]);
                self.taken += count;
                return Ok(count);
            }
            match self.session.receive.record() {
                Ok(Some(Record::Data(payload))) => {
                    self.payload.clear();
                    self.payload.extend_from_slice(payload);
                    self.taken = 0;
                }
                Ok(Some(Record::End)) => {}
                Ok(None) => {
                    let mut bytes = [0; 8 * 1024];
                    match self.arrive(&mut bytes) {
                        Ok(0) => return self.session.receive.end().map(|()| 0).map_err(|error| self.abort(error)),
                        Ok(count) => self.session.receive.feed(&bytes[..count]),
                        // Behind the authenticated end nothing can be missing, however the connection goes.
                        Err(error)
                            if error.kind() == ErrorKind::ConnectionReset && self.session.receive.has_ended() =>
                        {
                            return Ok(0);
                        }
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => return Err(self.abort(error)),
            }
        }
    }
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let payload = &bytes[..bytes.len().min(RECORD_MAXIMUM)];
        let record = self.session.send.data(payload)?;
        self.send(&record).inspect_err(|_| self.session.send.stop())?;
        Ok(payload.len())
    }

    /// Nothing to do: every record has left already.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity = &self.session.identity;
        f.debug_struct("Channel").field("stream", &self.stream).field("identity", identity).finish_non_exhaustive()
    }
}

/// Feeds what arrives and writes what comes out, until there is a session.
#[allow(clippy::disallowed_methods, reason = "whatever arrives is fed to the state machine, which keeps the rest")]
fn login(
    stream: &TcpStream,
    deadline: &Deadline,
    first: &[u8],
    mut feed: impl FnMut(&[u8]) -> Result<Step, Error>,
) -> Result<Session, Error> {
    let timeouts = (stream.read_timeout()?, stream.write_timeout()?);
    let mut timed = deadline.over(stream);
    timed.write_all(first).map_err(at_login)?;
    let mut bytes = [0; LOGIN_MAXIMUM];
    loop {
        let count = match timed.read(&mut bytes) {
            Ok(0) => return Err(Error::Closed),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(at_login(error)),
        };
        let step = feed(&bytes[..count])?;
        timed.write_all(&step.send).map_err(at_login)?;
        if let Some(session) = step.session {
            stream.set_read_timeout(timeouts.0)?;
            stream.set_write_timeout(timeouts.1)?;
            return Ok(session);
        }
    }
}

fn at_login(error: io::Error) -> Error {
    if error.kind() == ErrorKind::TimedOut { Error::Expired } else { Error::Io(error) }
}

/// Sends a refusal that the peer can still read: a close with unread input would reset the connection and destroy it
/// (RFC 9293, section 3.10.4; RFC 2525, section 2.17). Whether it arrives is the peer's affair.
fn refuse(stream: &TcpStream, deadline: &Deadline) {
    let mut timed = deadline.over(stream);
    let told = timed.write_all(&REFUSAL).and_then(|()| stream.shutdown(Shutdown::Write));
    if told.is_ok() {
        let _ = io::copy(&mut timed.take(LOGIN_MAXIMUM as u64), &mut io::sink());
    }
}
