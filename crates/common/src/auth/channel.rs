use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Instant;

use super::transport::write_all_by;
use super::{
    Client, Error, Key, LOGIN_MAXIMUM, Lookup, RECORD_MAXIMUM, REFUSAL, Record, RecordDecoder, RecordEncoder, Server,
    Session, Step, Transport,
};
use crate::deadline::Deadline;

/// A connection that is logged in, over any [`Transport`]. What is read came from the other side, unchanged and in order.
///
/// **Writing** gathers, as `BufWriter` does: nothing leaves before [`flush`](Write::flush), before
/// [`RECORD_MAXIMUM`] bytes have gathered, or before a read that has to wait. What leaves together is one record and one
/// send, so that a `writeln!` with several pieces is not several small packets, of which the second one waits for the
/// acknowledgement of the first (Nagle's algorithm, RFC 896, and delayed acknowledgements, RFC 9293, section 3.8.6.3).
/// Flush what somebody waits for.
///
/// A write or a flush that fails ends this direction, a timeout too: nobody knows how much of the record has left. The
/// kind is `BrokenPipe` afterwards, and after [`finish`](Channel::finish).
///
/// **Reading** gives 0 bytes only behind the authenticated end, once the connection has ended too: whatever follows the
/// end is an error. So `UnexpectedEof` of `read_exact` means that the other side ended on purpose. If the connection ends
/// before (a [`finish`](Channel::finish) that is missing), the kind is `ConnectionAborted`; a record that was tampered with
/// is `InvalidData`, and then nothing more is delivered or sent: the connection is shut down. The [`Error`] is inside the
/// `io::Error` ([`io::Error::get_ref`]). Empty records are skipped.
///
/// After a timeout a read may be tried again; nothing is lost. A [deadline](Channel::set_deadline) is one for all bytes. A
/// timeout of the socket alone starts afresh with every byte that comes, so one read without a deadline looks at the clock
/// itself: it fails with `TimedOut` once the timeout has passed since it began, at most twice the timeout later, however
/// many bytes or empty records have come.
///
/// Dropped without [`finish`](Channel::finish), the channel looks cut off to the other side, which is the truth; what had
/// gathered is lost.
///
/// ```
/// # use common::auth::Channel;
/// use std::io::{self, BufRead, BufReader, Read, Write};
///
/// /// A question and its answer, a line each, of at most 1024 bytes.
/// fn ask(channel: &mut BufReader<Channel>, number: u32) -> io::Result<String> {
///     writeln!(channel.get_mut(), "what is {number} times {number}?")?;   // four pieces, gathered
///     channel.get_mut().flush()?;                                         // one record, one send
///     let mut line = String::new();
///     channel.take(1024).read_line(&mut line)?;
///     Ok(line)
/// }
/// ```
pub struct Channel<S: Transport = TcpStream> {
    stream: S,
    identity: String,
    key_number: usize,
    reading: Reading,
    writing: Writing,
    deadline: Option<Arc<Deadline>>,
}

/// What a [`Channel`] was made of; made by [`Channel::into_parts`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Parts<S> {
    /// The stream. Its timeouts are what the last deadline left.
    pub stream: S,
    /// Who has logged in, and both directions.
    pub session: Session,
    /// Bytes that came and are verified, and that nobody has read.
    pub unread: Vec<u8>,
    /// Bytes that were written and not flushed. No record was made of them.
    pub unsent: Vec<u8>,
}

impl<S: Transport> Channel<S> {
    /// Logs a client in to `service` (a name of 1 to 32 bytes), over a blocking stream fresh from `accept`. `key_of` gives
    /// the key of an identity: an `Option<Key>`, a [`Keyring`](super::Keyring), or a `Result` with one of them. It is called
    /// at most once, and the deadline runs meanwhile.
    ///
    /// The stream may be shared (an [`Arc`]), for a thread that shuts it down when time is up: a clone would cost a
    /// descriptor. Sets the socket's timeouts as it needs them, and back when the login is done. A client that fails gets
    /// a refusal that is the same for all reasons, and at most 256 bytes more are taken from it, all within the deadline.
    ///
    /// # Errors
    ///
    /// [`Error::ClientUnproven`], [`Error::NotThisLogin`], [`Error::Closed`], [`Error::Expired`]: log it, let the stream
    /// go, serve the next. [`Error::Lookup`] if `key_of` failed. [`Error::Name`] for the service. [`Error::Io`] from the
    /// stream. The connection is closed.
    pub fn accept<K: Into<Lookup>>(
        stream: S,
        service: &str,
        key_of: impl Fn(&str) -> K,
        deadline: &Deadline,
    ) -> Result<Channel<S>, Error> {
        let (mut server, m1) = Server::new(service)?;
        let done = login(&stream, deadline, &m1, |bytes| server.feed_with(bytes, &key_of));
        if let Err(Error::ClientUnproven { .. } | Error::NotThisLogin(_) | Error::Lookup { .. }) = done {
            refuse(&stream, deadline);
        }
        Ok(Channel::from_parts(stream, done?))
    }

    /// Logs in to `service` (1 to 32 bytes) as `identity` (1 to 64 bytes), over a blocking stream that is connected. Sends
    /// nothing of its own before the server has proved that it has the key.
    ///
    /// Sets the socket's timeouts as it needs them, and back when the login is done.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`]: try again later. [`Error::Refused`], [`Error::OtherService`], [`Error::ServerUnproven`],
    /// [`Error::NotThisLogin`], [`Error::Closed`], [`Error::Expired`]; [`Error::Name`] for a name. [`Error::Io`] from the
    /// stream. The connection is closed.
    pub fn connect(
        stream: S,
        service: &str,
        identity: &str,
        key: &Key,
        deadline: &Deadline,
    ) -> Result<Channel<S>, Error> {
        let mut client = Client::new(service, identity, key)?;
        let session = login(&stream, deadline, &[], |bytes| client.feed(bytes))?;
        Ok(Channel::from_parts(stream, session))
    }

    /// A channel over a stream on which a login was done some other way, with [`Server`] or [`Client`], and nothing was
    /// sent or taken since but by this session.
    pub fn from_parts(stream: S, session: Session) -> Channel<S> {
        let Session { identity, key_number, send, receive } = session;
        let reading = Reading { receive, payload: Vec::new(), taken: 0 };
        let writing = Writing { send, gathered: Vec::new(), record: Vec::new() };
        Channel { stream, identity, key_number, reading, writing, deadline: None }
    }

    /// Takes the channel apart, to go on in some other way. Sends nothing.
    pub fn into_parts(self) -> Parts<S> {
        let Channel { stream, identity, key_number, mut reading, writing, .. } = self;
        let unread = reading.payload.split_off(reading.taken);
        let session = Session { identity, key_number, send: writing.send, receive: reading.receive };
        Parts { stream, session, unread, unsent: writing.gathered }
    }

    /// A half that reads and a half that writes, each for a thread of its own. Neither flushes for the other. Both have the
    /// channel's deadline, until another one is set.
    ///
    /// ```
    /// # use common::auth::Channel;
    /// use std::io::{self, BufRead, BufReader, Write};
    ///
    /// /// Prints what comes, while the lines of standard input are sent.
    /// fn chat(channel: Channel) -> io::Result<()> {
    ///     let (reader, mut writer) = channel.split();
    ///     let printer = std::thread::spawn(move || {
    ///         BufReader::new(reader).lines().try_for_each(|line| line.map(|line| println!("{line}")))
    ///     });
    ///     for line in io::stdin().lines() {
    ///         writeln!(writer, "{}", line?)?;
    ///         writer.flush()?;
    ///     }
    ///     writer.finish()?;
    ///     printer.join().expect("it does not panic")
    /// }
    /// ```
    pub fn split(self) -> (ReadHalf<S>, WriteHalf<S>) {
        let Channel { stream, reading, writing, deadline, .. } = self;
        let stream = Arc::new(stream);
        let reader = ReadHalf { stream: stream.clone(), reading, deadline: deadline.clone() };
        (reader, WriteHalf { stream, writing, deadline })
    }

    /// Who the client proved to be.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Which of the client's keys opened, during a change of keys: 0 for the first of the [`Keyring`](super::Keyring), 1 for
    /// the second. At the client always 0.
    pub fn key_number(&self) -> usize {
        self.key_number
    }

    /// The stream, for its addresses and timeouts. Bytes written to it past the channel destroy the channel.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// From now on every read, every write that sends, flush and [`finish`](Channel::finish) fails with `TimedOut` at this
    /// deadline, which is one for all of them and for every byte. What came before and is verified can be read even then.
    /// Set the next one for the next answer.
    ///
    /// With a deadline, the socket's timeouts are set to what is left of it before each call, and stay so. Without one, as
    /// after a login, they are the caller's.
    pub fn set_deadline(&mut self, deadline: Option<Deadline>) {
        self.deadline = deadline.map(Arc::new);
    }

    /// Sends what has gathered and the authenticated end, together, and shuts down writing. Reading goes on.
    ///
    /// # Errors
    ///
    /// Of kind `BrokenPipe` if writing is over already, else from the stream.
    pub fn finish(&mut self) -> io::Result<()> {
        self.writing.finish(&self.stream, self.deadline.as_deref())
    }
}

impl<S: Transport> Read for Channel<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Channel { stream, reading, writing, deadline, .. } = self;
        let deadline = deadline.as_deref();
        // The other side may be waiting for what has gathered, and its answer is what is waited for here.
        let result = reading.read(stream, deadline, into, || writing.flush(stream, deadline));
        if self.reading.receive.is_over() {
            self.writing.send.stop();
        }
        result
    }
}

impl<S: Transport> Write for Channel<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writing.write(&self.stream, self.deadline.as_deref(), bytes)
    }

    /// Sends what has gathered, as one record.
    fn flush(&mut self) -> io::Result<()> {
        self.writing.flush(&self.stream, self.deadline.as_deref())
    }
}

impl<S: Transport + fmt::Debug> fmt::Debug for Channel<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity = &self.identity;
        f.debug_struct("Channel").field("stream", &self.stream).field("identity", identity).finish_non_exhaustive()
    }
}

/// The direction of a [`Channel`] that comes in; made by [`Channel::split`]. It reads as the channel does.
///
/// After a record that was tampered with the whole connection is shut down, so the other half fails as well. Dropped, it
/// leaves the stream as it is.
pub struct ReadHalf<S: Transport> {
    stream: Arc<S>,
    reading: Reading,
    deadline: Option<Arc<Deadline>>,
}

impl<S: Transport> ReadHalf<S> {
    /// The stream, for its addresses and timeouts.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// As [`Channel::set_deadline`], for the reads of this half.
    pub fn set_deadline(&mut self, deadline: Option<Deadline>) {
        self.deadline = deadline.map(Arc::new);
    }
}

impl<S: Transport> Read for ReadHalf<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reading.read(&*self.stream, self.deadline.as_deref(), into, || Ok(()))
    }
}

impl<S: Transport + fmt::Debug> fmt::Debug for ReadHalf<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadHalf").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// The direction of a [`Channel`] that goes out; made by [`Channel::split`]. It gathers until `flush`, as the channel does,
/// and no read flushes for it.
///
/// Dropped without [`finish`](WriteHalf::finish) it leaves the stream open as long as the other half lives: the other side
/// then waits.
pub struct WriteHalf<S: Transport> {
    stream: Arc<S>,
    writing: Writing,
    deadline: Option<Arc<Deadline>>,
}

impl<S: Transport> WriteHalf<S> {
    /// The stream, for its addresses and timeouts.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// As [`Channel::set_deadline`], for the writes of this half.
    pub fn set_deadline(&mut self, deadline: Option<Deadline>) {
        self.deadline = deadline.map(Arc::new);
    }

    /// Sends what has gathered and the authenticated end, together, and shuts down writing.
    ///
    /// # Errors
    ///
    /// As of [`Channel::finish`].
    pub fn finish(&mut self) -> io::Result<()> {
        self.writing.finish(&*self.stream, self.deadline.as_deref())
    }
}

impl<S: Transport> Write for WriteHalf<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writing.write(&*self.stream, self.deadline.as_deref(), bytes)
    }

    /// Sends what has gathered, as one record.
    fn flush(&mut self) -> io::Result<()> {
        self.writing.flush(&*self.stream, self.deadline.as_deref())
    }
}

impl<S: Transport + fmt::Debug> fmt::Debug for WriteHalf<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteHalf").field("stream", &self.stream).finish_non_exhaustive()
    }
}

struct Reading {
    receive: RecordDecoder,
    /// The payload of the last record, verified; how much of it has been read.
    payload: Vec<u8>,
    taken: usize,
}

impl Reading {
    /// Calls `before_waiting` before each read of the stream.
    fn read(
        &mut self,
        stream: &impl Transport,
        deadline: Option<&Deadline>,
        into: &mut [u8],
        mut before_waiting: impl FnMut() -> io::Result<()>,
    ) -> io::Result<usize> {
        let begin = Instant::now();
        let mut asked = false;
        loop {
            let unread = &self.payload[self.taken..];
            if into.is_empty() || !unread.is_empty() {
                let count = unread.len().min(into.len());
                into[..count].copy_from_slice(&unread[..count]);
                self.taken += count;
                return Ok(count);
            }
            match self.receive.record() {
                Ok(Some(Record::Data(payload))) => {
                    self.payload.clear();
                    self.payload.extend_from_slice(payload);
                    self.taken = 0;
                }
                Ok(Some(Record::End)) => {}
                Ok(None) => {
                    if asked && deadline.is_none() && stream.timeouts()?[0].is_some_and(|most| begin.elapsed() >= most)
                    {
                        return Err(ErrorKind::TimedOut.into());
                    }
                    asked = true;
                    before_waiting()?;
                    let mut bytes = [0; 8 * 1024];
                    match stream.read_by(&mut bytes, deadline) {
                        Ok(0) => return self.receive.end().map(|()| 0).map_err(|error| abort(stream, error)),
                        Ok(count) => self.receive.feed(&bytes[..count]),
                        // Behind the authenticated end nothing can be missing, however the connection goes.
                        Err(error) if error.kind() == ErrorKind::ConnectionReset && self.receive.has_ended() => {
                            return Ok(0);
                        }
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => return Err(abort(stream, error)),
            }
        }
    }
}

/// Ends both directions silently.
fn abort(stream: &impl Transport, error: Error) -> io::Error {
    // A connection that is gone already is as good as one that is shut down.
    let _ = stream.shut_down(Shutdown::Both);
    error.into()
}

struct Writing {
    send: RecordEncoder,
    /// What was written and has not been sent, at most [`RECORD_MAXIMUM`] bytes.
    gathered: Vec<u8>,
    /// Room for what is sent at once.
    record: Vec<u8>,
}

impl Writing {
    fn write(&mut self, stream: &impl Transport, deadline: Option<&Deadline>, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.send.is_over() {
            return Err(Error::Over.into());
        }
        if self.gathered.len() == RECORD_MAXIMUM {
            self.flush(stream, deadline)?;
        }
        let count = bytes.len().min(RECORD_MAXIMUM - self.gathered.len());
        self.gathered.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self, stream: &impl Transport, deadline: Option<&Deadline>) -> io::Result<()> {
        self.record.clear();
        if !self.gathered.is_empty() {
            self.send.data_into(&self.gathered, &mut self.record)?;
            self.gathered.clear();
        }
        self.send_record(stream, deadline)
    }

    fn finish(&mut self, stream: &impl Transport, deadline: Option<&Deadline>) -> io::Result<()> {
        self.record.clear();
        if !self.gathered.is_empty() {
            self.send.data_into(&self.gathered, &mut self.record)?;
            self.gathered.clear();
        }
        self.send.end_into(&mut self.record)?;
        self.send_record(stream, deadline)?;
        stream.shut_down(Shutdown::Write)
    }

    fn send_record(&mut self, stream: &impl Transport, deadline: Option<&Deadline>) -> io::Result<()> {
        write_all_by(stream, &self.record, deadline).inspect_err(|_| self.send.stop())
    }
}

/// Feeds what arrives and writes what comes out, until there is a session.
fn login(
    stream: &impl Transport,
    deadline: &Deadline,
    first: &[u8],
    mut feed: impl FnMut(&[u8]) -> Result<Step, Error>,
) -> Result<Session, Error> {
    let timeouts = stream.timeouts()?;
    write_all_by(stream, first, Some(deadline)).map_err(at_login)?;
    let mut bytes = [0; LOGIN_MAXIMUM];
    loop {
        let count = match stream.read_by(&mut bytes, Some(deadline)) {
            Ok(0) => return Err(Error::Closed),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(at_login(error)),
        };
        let step = feed(&bytes[..count])?;
        write_all_by(stream, &step.send, Some(deadline)).map_err(at_login)?;
        if let Some(session) = step.session {
            stream.set_timeouts(timeouts)?;
            return Ok(session);
        }
    }
}

fn at_login(error: io::Error) -> Error {
    if error.kind() == ErrorKind::TimedOut { Error::Expired } else { Error::Io(error) }
}

/// Sends a refusal that the peer can still read: a close with unread input would reset the connection and destroy it
/// (RFC 9293, section 3.6.1; RFC 2525, section 2.17). Whether it arrives is the peer's affair.
fn refuse(stream: &impl Transport, deadline: &Deadline) {
    if write_all_by(stream, &REFUSAL, Some(deadline)).and_then(|()| stream.shut_down(Shutdown::Write)).is_err() {
        return;
    }
    let mut drained = 0;
    let mut bytes = [0; LOGIN_MAXIMUM];
    while drained < LOGIN_MAXIMUM {
        match stream.read_by(&mut bytes[drained..], Some(deadline)) {
            Ok(0) => return,
            Ok(count) => drained += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
