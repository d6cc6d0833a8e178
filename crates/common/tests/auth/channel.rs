//! The channel over other streams than a TCP connection, in halves and in parts, and what it sends when.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::auth::{Channel, Error, Key, RECORD_MAXIMUM, Server, Transport};
use common::deadline::Deadline;
use common::framing::encode;

use crate::login::{alice_only, key};
use crate::reference::SERVICE;
use crate::socket::to_the_end;

const LONG: Duration = Duration::from_secs(60);

/// One direction of a pipe in memory.
#[derive(Default)]
struct Way {
    bytes: Mutex<(VecDeque<u8>, bool)>,
    changed: Condvar,
    /// How many calls wrote into it.
    writes: AtomicUsize,
}

/// One end of a pipe in memory, with a read timeout of its own, as a socket has.
struct End {
    incoming: Arc<Way>,
    outgoing: Arc<Way>,
    timeout: Mutex<Option<Duration>>,
}

fn pipe() -> (End, End) {
    let [one, other] = [Arc::new(Way::default()), Arc::new(Way::default())];
    let end = |incoming: &Arc<Way>, outgoing: &Arc<Way>| End {
        incoming: incoming.clone(),
        outgoing: outgoing.clone(),
        timeout: Mutex::new(None),
    };
    (end(&one, &other), end(&other, &one))
}

impl Transport for End {
    fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        let timeout = *self.timeout.lock().unwrap();
        let left = deadline.map(Deadline::left).transpose()?.or(timeout).unwrap_or(LONG);
        let way = self.incoming.bytes.lock().unwrap();
        let empty = |(bytes, ended): &mut (VecDeque<u8>, bool)| bytes.is_empty() && !*ended;
        let (mut way, waited) = self.incoming.changed.wait_timeout_while(way, left, empty).unwrap();
        if waited.timed_out() {
            return Err(ErrorKind::TimedOut.into());
        }
        let count = way.0.len().min(into.len());
        into.iter_mut().zip(way.0.drain(..count)).for_each(|(to, byte)| *to = byte);
        Ok(count)
    }

    fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
        deadline.map(Deadline::left).transpose()?;
        let mut way = self.outgoing.bytes.lock().unwrap();
        if way.1 {
            return Err(ErrorKind::BrokenPipe.into());
        }
        way.0.extend(bytes);
        self.outgoing.writes.fetch_add(1, Ordering::SeqCst);
        self.outgoing.changed.notify_all();
        Ok(bytes.len())
    }

    fn shut_down(&self, how: Shutdown) -> io::Result<()> {
        for (way, unless) in [(&self.outgoing, Shutdown::Read), (&self.incoming, Shutdown::Write)] {
            if how != unless {
                way.bytes.lock().unwrap().1 = true;
                way.changed.notify_all();
            }
        }
        Ok(())
    }

    fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
        Ok([*self.timeout.lock().unwrap(), None])
    }

    fn set_timeouts(&self, [read, _]: [Option<Duration>; 2]) -> io::Result<()> {
        *self.timeout.lock().unwrap() = read;
        Ok(())
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.shut_down(Shutdown::Both).unwrap();
    }
}

/// Both channels of a login over any stream: client's, server's.
fn channels<S: Transport + Send + 'static>((ours, theirs): (S, S)) -> (Channel<S>, Channel<S>) {
    let server = thread::spawn(move || Channel::accept(theirs, SERVICE, alice_only, &Deadline::after(LONG)));
    let client = Channel::connect(ours, SERVICE, "alice", &key(), &Deadline::after(LONG)).unwrap();
    (client, server.join().unwrap().unwrap())
}

/// Both ways to the authenticated end.
fn talk<S: Transport>((mut client, mut server): (Channel<S>, Channel<S>)) {
    assert_eq!(server.identity(), "alice");
    client.write_all(b"hello").unwrap();
    client.finish().unwrap();
    assert_eq!(to_the_end(&mut server).unwrap(), b"hello");
    server.write_all(b"HELLO").unwrap();
    server.finish().unwrap();
    assert_eq!(to_the_end(&mut client).unwrap(), b"HELLO");
}

#[test]
fn over_a_pipe_in_memory() {
    talk(channels(pipe()));
    let (ours, theirs) = pipe();
    talk(channels((Arc::new(ours), Arc::new(theirs))));
    let (client, server) = channels(pipe());
    drop(client);
    let mut server = server;
    let error = to_the_end(&mut server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionAborted, "cut off: {error}");
}

#[cfg(unix)]
#[test]
fn over_a_unix_socket() {
    use std::os::unix::net::UnixStream;
    talk(channels(UnixStream::pair().unwrap()));
    let (mut client, _server) = channels(UnixStream::pair().unwrap());
    client.set_deadline(Some(Deadline::after(Duration::from_millis(20))));
    assert_eq!(to_the_end(&mut client).unwrap_err().kind(), ErrorKind::TimedOut);
    let (ours, _theirs) = UnixStream::pair().unwrap();
    let result = Channel::accept(ours, SERVICE, alice_only, &Deadline::after(Duration::from_millis(20)));
    assert!(matches!(result, Err(Error::Expired)), "{result:?}");
}

#[test]
fn a_lookup_that_fails_gets_the_refusal_of_a_wrong_key() {
    let (ours, theirs) = pipe();
    let server = thread::spawn(move || {
        let lookup = |_: &str| Err::<Key, _>(io::Error::from(ErrorKind::HostUnreachable));
        Channel::accept(theirs, SERVICE, lookup, &Deadline::after(LONG)).map(|_| ())
    });
    let refused = Channel::connect(ours, SERVICE, "alice", &key(), &Deadline::after(LONG)).map(|_| ());
    assert!(matches!(refused, Err(Error::Refused)), "{refused:?}");
    let result = server.join().unwrap();
    assert!(matches!(result, Err(Error::Lookup { .. })), "{result:?}");
}

#[test]
fn what_is_written_leaves_at_the_flush_in_one_record_and_one_write() {
    let (mut client, mut server) = channels(pipe());
    let way = client.stream().outgoing.clone();
    let sent = || (way.bytes.lock().unwrap().0.len(), way.writes.load(Ordering::SeqCst));
    let before = sent().1;
    let (number, all) = (1, "many");
    writeln!(client, "hello {number} of {all}").unwrap();
    assert_eq!(sent(), (0, before), "gathered");
    client.flush().unwrap();
    assert_eq!(sent(), (4 + 1 + 16 + 32, before + 1));
    client.flush().unwrap();
    assert_eq!(sent().1, before + 1, "nothing to flush, nothing sent");

    // A full record leaves when more comes, and the last one leaves with the end.
    client.write_all(&vec![7; RECORD_MAXIMUM]).unwrap();
    assert_eq!(sent().1, before + 1);
    client.write_all(b"x").unwrap();
    assert_eq!(sent().1, before + 2);
    client.finish().unwrap();
    assert_eq!(sent().1, before + 3);
    assert_eq!(to_the_end(&mut server).unwrap().len(), 16 + RECORD_MAXIMUM + 1);
}

#[test]
fn a_read_that_has_to_wait_flushes_first() {
    let (mut client, mut server) = channels(pipe());
    let echo = thread::spawn(move || {
        let mut piece = [0; 5];
        server.read_exact(&mut piece).unwrap();
        // An empty record is nothing to read, either.
        let empty = server.into_parts();
        let mut session = empty.session;
        let record = session.send.data(b"").unwrap();
        assert_eq!(empty.stream.write_by(&record, None).unwrap(), record.len());
        let mut server = Channel::from_parts(empty.stream, session);
        server.write_all(&piece.to_ascii_uppercase()).unwrap();
        server.read_exact(&mut piece).unwrap();
        (piece, server)
    });
    let mut answer = [0; 5];
    client.write_all(b"hello").unwrap();
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HELLO");
    client.write_all(b"again").unwrap();
    client.set_deadline(Some(Deadline::after(Duration::from_millis(20))));
    assert_eq!(client.read_exact(&mut answer).unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(&echo.join().unwrap().0, b"again");
}

#[test]
fn the_halves_read_and_write_at_the_same_time() {
    let (client, server) = channels(pipe());
    let (mut from_server, mut to_server) = client.split();
    let (mut from_client, mut to_client) = server.split();
    let waiting = thread::spawn(move || to_the_end(&mut from_server).unwrap());
    // The client's reader waits meanwhile, and holds up nobody.
    to_server.write_all(b"hello").unwrap();
    to_server.finish().unwrap();
    assert_eq!(to_the_end(&mut from_client).unwrap(), b"hello");
    to_client.write_all(b"pushed").unwrap();
    to_client.flush().unwrap();
    to_client.finish().unwrap();
    assert_eq!(waiting.join().unwrap(), b"pushed");
    assert_eq!(to_client.write_all(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_half_has_the_deadline_of_the_channel_until_it_gets_another() {
    let (mut client, server) = channels(pipe());
    client.set_deadline(Some(Deadline::after(Duration::ZERO)));
    let (mut reader, mut writer) = client.split();
    assert_eq!(to_the_end(&mut reader).unwrap_err().kind(), ErrorKind::TimedOut);
    writer.set_deadline(Some(Deadline::after(LONG)));
    writer.write_all(b"hello").unwrap();
    writer.finish().unwrap();
    assert_eq!(to_the_end(&mut { server }).unwrap(), b"hello");
    assert_eq!(to_the_end(&mut reader).unwrap_err().kind(), ErrorKind::TimedOut, "it has its own");
}

#[test]
fn a_tampered_record_ends_both_halves() {
    let (client, server) = channels(pipe());
    let (mut reader, mut writer) = server.split();
    client.stream().write_by(&encode(&[0; 38], 64).unwrap(), None).unwrap();
    let error = to_the_end(&mut reader).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    writer.write_all(b"x").unwrap();
    assert_eq!(writer.flush().unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn taken_apart_and_put_together_nothing_is_lost() {
    let (mut client, mut server) = channels(pipe());
    client.write_all(b"hello").unwrap();
    client.flush().unwrap();
    client.write_all(b" again").unwrap();
    let mut two = [0; 2];
    server.read_exact(&mut two).unwrap();
    let (client, server) = (client.into_parts(), server.into_parts());
    assert_eq!((&two, &server.unread[..], &client.unsent[..]), (b"he", &b"llo"[..], &b" again"[..]));
    assert_eq!(server.session.identity, "alice");
    talk((Channel::from_parts(client.stream, client.session), Channel::from_parts(server.stream, server.session)));
}

#[test]
fn a_login_of_your_own_loop_becomes_a_channel() {
    let (ours, theirs) = pipe();
    let client =
        thread::spawn(move || Channel::connect(ours, SERVICE, "alice", &key(), &Deadline::after(LONG)).unwrap());
    let (mut server, m1) = Server::new(SERVICE).unwrap();
    theirs.write_by(&m1, None).unwrap();
    let mut bytes = [0; 10];
    let identity = loop {
        let count = theirs.read_by(&mut bytes, None).unwrap();
        if let Some(identity) = server.feed(&bytes[..count]).unwrap() {
            break identity;
        }
    };
    // Here a database may be asked, for as long as it takes.
    let step = server.key(alice_only(&identity)).unwrap();
    theirs.write_by(&step.send, None).unwrap();
    let session = step.session.unwrap();
    talk((client.join().unwrap(), Channel::from_parts(theirs, session)));
}

#[test]
fn empty_records_keep_no_read_beyond_its_time() {
    // The other side sends an empty record at every read, so that no read of the stream ever waits.
    struct Flood(End, Mutex<common::auth::RecordEncoder>);
    impl Transport for Flood {
        fn read_by(&self, into: &mut [u8], deadline: Option<&Deadline>) -> io::Result<usize> {
            deadline.map(Deadline::left).transpose()?;
            let record = self.1.lock().unwrap().data(b"").unwrap();
            into[..record.len()].copy_from_slice(&record);
            Ok(record.len())
        }
        fn write_by(&self, bytes: &[u8], deadline: Option<&Deadline>) -> io::Result<usize> {
            self.0.write_by(bytes, deadline)
        }
        fn shut_down(&self, how: Shutdown) -> io::Result<()> {
            self.0.shut_down(how)
        }
        fn timeouts(&self) -> io::Result<[Option<Duration>; 2]> {
            self.0.timeouts()
        }
    }
    let (client, server) = channels(pipe());
    let (client, server) = (client.into_parts(), server.into_parts());
    client.stream.set_timeouts([Some(Duration::from_millis(50)), None]).unwrap();
    let flood = Flood(client.stream, Mutex::new(server.session.send));
    let mut channel = Channel::from_parts(flood, client.session);
    let begin = Instant::now();
    for deadline in [false, true] {
        channel.set_deadline(deadline.then(|| Deadline::after(Duration::from_millis(50))));
        let error = channel.read_exact(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    }
    assert!(begin.elapsed() >= Duration::from_millis(100));
}
