//! The login and the channel over real sockets, with honest and with hostile peers.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use common::auth::{Channel, Error, Key, REFUSAL, RecordEncoder, Server};
use common::deadline::Deadline;
use common::framing::read_frame;

use crate::login::{alice, alice_only, key};
use crate::reference::{Login, SERVICE, framed, opening, record};

/// No test waits for this: it is there so that a bug ends in a failure, not in a hang.
const LONG: Duration = Duration::from_secs(60);

/// Both ends of one connection: client's, server's.
fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    client.set_read_timeout(Some(LONG)).unwrap();
    (client, listener.accept().unwrap().0)
}

fn accept(stream: TcpStream) -> Result<Channel, Error> {
    Channel::accept(stream, SERVICE, alice_only, &Deadline::after(LONG))
}

fn connect(stream: TcpStream) -> Result<Channel, Error> {
    Channel::connect(stream, SERVICE, "alice", &key(), &Deadline::after(LONG))
}

/// What a server says of the client that `client` plays by hand.
fn server_says(client: impl FnOnce(TcpStream)) -> Result<Channel, Error> {
    let (ours, theirs) = pair();
    let server = thread::spawn(move || accept(theirs));
    client(ours);
    server.join().unwrap()
}

/// What a client says of the server that `server` plays by hand.
fn client_says(server: impl FnOnce(TcpStream)) -> Result<Channel, Error> {
    let (theirs, ours) = pair();
    ours.set_read_timeout(Some(LONG)).unwrap();
    let client = thread::spawn(move || connect(theirs));
    server(ours);
    client.join().unwrap()
}

/// Both channels of a login: client's, server's.
fn channels() -> (Channel, Channel) {
    let (ours, theirs) = pair();
    let server = thread::spawn(move || accept(theirs));
    let client = connect(ours).unwrap();
    (client, server.join().unwrap().unwrap())
}

#[allow(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
pub(crate) fn to_the_end(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(1 << 26).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The error inside the error.
fn inside(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

#[test]
fn both_ways_to_the_authenticated_end() {
    let (mut client, mut server) = channels();
    assert_eq!((client.identity(), server.identity()), ("alice", "alice"));
    let long: Vec<u8> = (0..1_000_000u32).map(|place| (place % 251) as u8).collect();
    let sent = long.clone();
    let sender = thread::spawn(move || {
        client.write_all(&sent).unwrap();
        client.write_all(b"").unwrap();
        client.flush().unwrap();
        client.finish().unwrap();
        to_the_end(&mut client).unwrap()
    });
    let got = to_the_end(&mut server).unwrap();
    assert!(got == long);
    assert_eq!(to_the_end(&mut server).unwrap(), b"", "the end stays the end");
    server.write_all(b"thank you").unwrap();
    server.finish().unwrap();
    assert_eq!(sender.join().unwrap(), b"thank you");
}

#[test]
fn after_the_end_writing_is_over() {
    let (mut client, _server) = channels();
    client.finish().unwrap();
    assert_eq!(client.write_all(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(client.finish().unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn dropped_without_an_end_it_is_truncated() {
    let (mut client, mut server) = channels();
    client.write_all(b"half of it").unwrap();
    client.flush().unwrap();
    drop(client);
    let mut got = [0; 10];
    server.read_exact(&mut got).unwrap();
    let error = to_the_end(&mut server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionAborted);
    assert!(matches!(inside(&error), Some(Error::Truncated)), "{error}");
    assert_eq!(server.write_all(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_tampered_record_ends_everything_without_an_answer() {
    let (client, mut server) = channels();
    let mut raw = client.stream().try_clone().unwrap();
    raw.write_all(&framed(&[0; 38])).unwrap();
    let error = to_the_end(&mut server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(matches!(inside(&error), Some(Error::BadTag)), "{error}");
    assert!(matches!(inside(&to_the_end(&mut server).unwrap_err()), Some(Error::Over)));
    assert_eq!(server.write_all(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(to_the_end(&mut raw).unwrap(), b"", "shut down, and no reply");
}

/// What a client reads of a server made by hand, which sends `first`, waits until the client has read `all` of it, and
/// ends as `last` says.
fn read_to_the_last(
    first: impl FnOnce(&mut RecordEncoder) -> Vec<u8>,
    last: impl FnOnce(TcpStream),
) -> io::Result<Vec<u8>> {
    let (read, has_read) = mpsc::channel();
    let (theirs, mut ours) = pair();
    let client = thread::spawn(move || {
        let mut channel = connect(theirs).unwrap();
        channel.write_all(b"nobody reads this").unwrap();
        channel.read_exact(&mut [0; 3]).unwrap();
        read.send(()).unwrap();
        to_the_end(&mut channel)
    });
    let (mut server, m1) = Server::new(SERVICE).unwrap();
    ours.write_all(&m1).unwrap();
    let m2 = framed(&read_frame(&mut ours, 256).unwrap().unwrap());
    let step = server.feed_with(&m2, alice_only).unwrap();
    ours.write_all(&[step.send, first(&mut step.session.unwrap().send)].concat()).unwrap();
    has_read.recv().unwrap();
    last(ours);
    client.join().unwrap()
}

#[test]
fn bytes_behind_the_end_are_an_error_however_late_they_come() {
    let all_and_end = |send: &mut RecordEncoder| [send.data(b"all").unwrap(), send.end().unwrap()].concat();
    let error = read_to_the_last(all_and_end, |mut stream| stream.write_all(b"!").unwrap()).unwrap_err();
    assert!(matches!(inside(&error), Some(Error::AfterEnd)), "{error}");
}

#[test]
fn a_reset_is_an_error_before_the_end_and_none_behind_it() {
    // Closed with unread input, a socket resets the connection.
    let reset = |stream: TcpStream| assert_eq!(stream.peek(&mut [0]).unwrap(), 1);
    let all_and_end = |send: &mut RecordEncoder| [send.data(b"all").unwrap(), send.end().unwrap()].concat();
    assert_eq!(read_to_the_last(all_and_end, reset).unwrap(), b"");
    let error = read_to_the_last(|send| send.data(b"all").unwrap(), reset).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted), "{error}");
}

#[test]
fn a_write_that_timed_out_ends_writing() {
    let (mut client, mut server) = channels();
    client.stream().set_write_timeout(Some(Duration::from_millis(1))).unwrap();
    // Nobody reads, so the buffers fill up.
    let error = loop {
        if let Err(error) = client.write_all(&[7; 65_536]).and_then(|()| client.flush()) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    assert_eq!(client.write_all(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
    drop(client);
    let error = to_the_end(&mut server).unwrap_err();
    assert!(matches!(inside(&error), Some(Error::Truncated)), "the part of a record is not delivered: {error}");
}

#[test]
fn a_read_may_be_tried_again_after_a_timeout() {
    let (mut client, mut server) = channels();
    server.stream().set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let mut bytes = [0; 5];
    for _ in 0..3 {
        let error = server.read_exact(&mut bytes).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    }
    client.write_all(b"hello").unwrap();
    client.flush().unwrap();
    server.stream().set_read_timeout(Some(LONG)).unwrap();
    server.read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"hello");
}

#[test]
fn the_sockets_own_timeouts_are_back_after_the_login() {
    let (ours, theirs) = pair();
    ours.set_read_timeout(Some(Duration::from_secs(77))).unwrap();
    ours.set_write_timeout(Some(Duration::from_secs(78))).unwrap();
    let server = thread::spawn(move || accept(theirs).unwrap());
    let client = connect(ours).unwrap();
    assert_eq!(client.stream().read_timeout().unwrap(), Some(Duration::from_secs(77)));
    assert_eq!(client.stream().write_timeout().unwrap(), Some(Duration::from_secs(78)));
    let server = server.join().unwrap();
    assert_eq!(server.stream().read_timeout().unwrap(), None);
    assert_eq!(server.stream().write_timeout().unwrap(), None);
}

#[test]
fn records_behind_m2_and_m3_in_the_same_write() {
    let mut channel = server_says(|mut client| {
        let m1 = read_frame(&mut client, 256).unwrap().unwrap();
        let m2 = opening(2, "alice", &[7; 32]);
        let login = Login::new(&crate::login::PSK, &m1, &m2);
        let m2 = framed(&[&m2[..], &login.tag_c].concat());
        let (hello, end) = (record(&login.to_server, 0, 0, b"hello"), record(&login.to_server, 1, 1, b""));
        client.write_all(&[m2, hello, end].concat()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        read_frame(&mut client, 256).unwrap().unwrap();
    })
    .unwrap();
    assert_eq!(to_the_end(&mut channel).unwrap(), b"hello");

    let mut channel = client_says(|mut stream| {
        let (mut server, m1) = Server::new(SERVICE).unwrap();
        stream.write_all(&m1).unwrap();
        let m2 = read_frame(&mut stream, 256).unwrap().unwrap();
        let step = server.feed_with(&framed(&m2), alice_only).unwrap();
        let mut send = step.session.unwrap().send;
        let wire = [step.send, send.data(b"welcome").unwrap(), send.end().unwrap()].concat();
        stream.write_all(&wire).unwrap();
    })
    .unwrap();
    assert_eq!(to_the_end(&mut channel).unwrap(), b"welcome");
}

#[test]
fn every_failure_gets_the_same_refusal_whole() {
    let wrong_key = Key::generate().unwrap();
    type Answer<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;
    let answers: [Answer; 6] = [
        &|m1| common::auth::Client::new(SERVICE, "alice", &wrong_key).unwrap().feed(m1).unwrap().send,
        &|m1| common::auth::Client::new(SERVICE, "mallory", &key()).unwrap().feed(m1).unwrap().send,
        &|m1| {
            let mut m2 = alice().feed(m1).unwrap().send;
            m2[78] ^= 1;
            m2
        },
        &|_| framed(b"USER alice"),
        &|_| b"\xff\xff\xff\xff and 200 bytes that nobody will read".iter().copied().chain([0; 160]).collect(),
        // A wrong M2 and more behind it than one read takes: a close with unread input would destroy the refusal.
        &|_| [framed(&[0; 75]), vec![0; 256]].concat(),
    ];
    for (place, answer) in answers.into_iter().enumerate() {
        let mut seen = Vec::new();
        let result = server_says(|mut client| {
            let m1 = framed(&read_frame(&mut client, 256).unwrap().unwrap());
            client.write_all(&answer(&m1)).unwrap();
            // It closes only after the server's FIN, and the server drains until it closes: neither waits for the other.
            seen = to_the_end(&mut client).unwrap();
        });
        assert!(matches!(result, Err(Error::ClientUnproven { .. } | Error::NotThisLogin(_))), "{place}: {result:?}");
        assert_eq!(seen, REFUSAL, "{place}");
    }
}

#[test]
fn the_real_client_is_told_what_to_do() {
    let says = |client: Result<Channel, Error>| client.unwrap_err().to_string();
    let refused = client_says(|stream| {
        let result = Channel::accept(stream, SERVICE, |_| Some(Key::generate().unwrap()), &Deadline::after(LONG));
        assert!(matches!(result, Err(Error::ClientUnproven { .. })), "{result:?}");
    });
    assert!(matches!(refused, Err(Error::Refused)), "{refused:?}");
    assert!(says(refused).contains("check the identity and its key"));

    let other = client_says(|stream| {
        let result = Channel::accept(stream, "lesson-07", alice_only, &Deadline::after(LONG));
        assert!(matches!(result, Err(Error::Closed)), "the client closed and sent nothing: {result:?}");
    });
    assert!(says(other).contains("\"lesson-07\""));

    for greeting in [&b"220 mail.example.com ESMTP\r\n"[..], b"HTTP/1.1 400 Bad Request\r\n", b"\0\0\0\x05hello"] {
        let no_scheme = client_says(|mut stream| stream.write_all(greeting).unwrap());
        assert!(matches!(no_scheme, Err(Error::NotThisLogin(_))), "{no_scheme:?}");
        assert!(says(no_scheme).contains("does not speak this login"));
    }
    let silent = client_says(|stream| stream.shutdown(Shutdown::Write).unwrap());
    assert!(matches!(silent, Err(Error::Closed)), "{silent:?}");
}

#[test]
fn the_stream_may_end_at_any_byte_of_a_message() {
    for cut in 0..79 {
        let result = server_says(|mut client| {
            let m1 = framed(&read_frame(&mut client, 256).unwrap().unwrap());
            client.write_all(&alice().feed(&m1).unwrap().send[..cut]).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            assert_eq!(to_the_end(&mut client).unwrap(), b"");
        });
        assert!(matches!(result, Err(Error::Closed)), "{cut}: {result:?}");
    }
    for cut in 0..51 {
        let result = client_says(|mut stream| {
            let (_, m1) = Server::new(SERVICE).unwrap();
            stream.write_all(&m1[..cut]).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            assert_eq!(to_the_end(&mut stream).unwrap(), b"", "the client sends nothing");
        });
        assert!(matches!(result, Err(Error::Closed)), "{cut}: {result:?}");
    }
}

#[test]
fn a_byte_an_hour_does_not_keep_a_login_open() {
    let hours = Arc::new(AtomicU64::new(0));
    let (looked, looks) = mpsc::channel();
    let (begin, now) = (Instant::now(), Arc::clone(&hours));
    let clock = move || {
        let _ = looked.send(());
        begin + Duration::from_secs(3600 * now.load(Ordering::SeqCst))
    };
    let deadline = Deadline::by(clock, Duration::from_secs(5 * 3600));
    let (mut client, theirs) = pair();
    let server = thread::spawn(move || Channel::accept(theirs, SERVICE, alice_only, &deadline));
    // The server looks at the clock before every call. An hour goes by, a byte comes, and so on: no call ever waits long.
    let m1 = framed(&read_frame(&mut client, 256).unwrap().unwrap());
    let mut m2 = alice().feed(&m1).unwrap().send.into_iter();
    for () in looks {
        hours.fetch_add(1, Ordering::SeqCst);
        // The server may have given up already.
        let _ = client.write_all(&[m2.next().unwrap()]);
    }
    let result = server.join().unwrap();
    assert!(matches!(result, Err(Error::Expired)), "{result:?}");
    assert!(m2.len() > 70, "given up after five bytes or so, {} were left", m2.len());
}

#[test]
fn a_byte_an_hour_does_not_keep_an_answer_open() {
    let hours = Arc::new(AtomicU64::new(0));
    let (looked, looks) = mpsc::channel();
    let (begin, now) = (Instant::now(), Arc::clone(&hours));
    let clock = move || {
        let _ = looked.send(());
        begin + Duration::from_secs(3600 * now.load(Ordering::SeqCst))
    };
    let (theirs, mut ours) = pair();
    let client = thread::spawn(move || {
        let mut channel = connect(theirs).unwrap();
        channel.set_deadline(Some(Deadline::by(clock, Duration::from_secs(5 * 3600))));
        let mut answer = [0; 5];
        let error = channel.read_exact(&mut answer).unwrap_err();
        channel.set_deadline(Some(Deadline::after(LONG)));
        channel.read_exact(&mut answer).unwrap();
        (error.kind(), answer)
    });
    let (mut server, m1) = Server::new(SERVICE).unwrap();
    ours.write_all(&m1).unwrap();
    let m2 = framed(&read_frame(&mut ours, 256).unwrap().unwrap());
    let step = server.feed_with(&m2, alice_only).unwrap();
    ours.write_all(&step.send).unwrap();
    let mut record = step.session.unwrap().send.data(b"HELLO").unwrap().into_iter();
    // The client looks at the clock before every call; when it has given up, the clock is gone.
    for () in looks {
        hours.fetch_add(1, Ordering::SeqCst);
        ours.write_all(&[record.next().unwrap()]).unwrap();
    }
    assert!(record.len() > 30, "given up after five bytes or so, {} were left", record.len());
    ours.write_all(record.as_slice()).unwrap();
    assert_eq!(client.join().unwrap(), (ErrorKind::TimedOut, *b"HELLO"), "given up, and nothing was lost");
}

#[test]
fn behind_its_deadline_a_channel_gives_what_it_has_and_sends_nothing() {
    let (mut client, mut server) = channels();
    server.write_all(b"HELLO").unwrap();
    server.flush().unwrap();
    let mut answer = [0; 2];
    client.read_exact(&mut answer).unwrap();
    client.set_deadline(Some(Deadline::after(Duration::ZERO)));
    let mut rest = [0; 3];
    client.read_exact(&mut rest).unwrap();
    assert_eq!((&answer, &rest), (b"HE", b"LLO"));
    assert_eq!(client.read_exact(&mut rest).unwrap_err().kind(), ErrorKind::TimedOut);
    client.write_all(b"late").unwrap();
    assert_eq!(client.flush().unwrap_err().kind(), ErrorKind::TimedOut);
    client.set_deadline(None);
    assert_eq!(client.write_all(b"later").unwrap_err().kind(), ErrorKind::BrokenPipe);
    drop(client);
    assert!(matches!(inside(&to_the_end(&mut server).unwrap_err()), Some(Error::Truncated)));
}

#[test]
fn a_silent_peer_expires_on_either_side() {
    let soon = || Deadline::after(Duration::from_millis(1));
    let (_silent, theirs) = pair();
    let result = Channel::accept(theirs, SERVICE, alice_only, &soon());
    assert!(matches!(result, Err(Error::Expired)), "{result:?}");
    assert_eq!(io::Error::from(result.unwrap_err()).kind(), ErrorKind::TimedOut);
    let (ours, _silent) = pair();
    let result = Channel::connect(ours, SERVICE, "alice", &key(), &soon());
    assert!(matches!(result, Err(Error::Expired)), "{result:?}");
}

#[test]
fn a_refused_client_that_stays_holds_nobody_beyond_the_deadline() {
    // The clock stands still for four looks: at the beginning, to send M1, to read M2, to send the refusal. Then it is late.
    let (begin, looks) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let looked = Arc::clone(&looks);
    let clock = move || if looked.fetch_add(1, Ordering::SeqCst) < 4 { begin } else { begin + LONG };
    let (mut client, theirs) = pair();
    client.write_all(&framed(b"not a login")).unwrap();
    let result = Channel::accept(theirs, SERVICE, alice_only, &Deadline::by(clock, LONG));
    assert!(matches!(result, Err(Error::NotThisLogin(_))), "{result:?}");
    assert_eq!(looks.load(Ordering::SeqCst), 5, "it went to drain, and found that it was late");
    read_frame(&mut client, 256).unwrap().unwrap();
    assert_eq!(to_the_end(&mut client).unwrap(), REFUSAL);
}

#[test]
fn what_a_refused_client_pours_in_is_not_taken() {
    // More than all buffers between them hold: had the server drained it, this client could write all of it.
    let mut wrote = Ok(());
    let result = server_says(|mut client| {
        read_frame(&mut client, 256).unwrap().unwrap();
        client.write_all(&framed(b"not a login")).unwrap();
        wrote = (0..4096).try_for_each(|_| client.write_all(&[0; 65_536]));
    });
    assert!(matches!(result, Err(Error::NotThisLogin(_))), "{result:?}");
    let kind = wrote.unwrap_err().kind();
    assert!(
        matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted),
        "{kind:?}"
    );
}

#[test]
fn hostile_clients_cost_the_server_a_line_each() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    const ROUNDS: usize = 20;
    const KINDS: usize = 8;
    let server = thread::spawn(move || {
        let each = |stream| {
            let mut channel = Channel::accept(stream, SERVICE, alice_only, &Deadline::after(LONG))?;
            let bytes = to_the_end(&mut channel)?;
            channel.write_all(&bytes.to_ascii_uppercase())?;
            channel.finish()?;
            Ok::<_, Error>(())
        };
        let streams = (0..ROUNDS * (KINDS + 1)).map(|_| listener.accept().unwrap().0);
        let threads: Vec<_> = streams.map(|stream| thread::spawn(move || each(stream))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread may panic")).collect::<Vec<_>>()
    });

    let mut staying = Vec::new();
    for round in 0..ROUNDS {
        for kind in 0..KINDS {
            let mut stream = TcpStream::connect(addr).unwrap();
            stream.set_read_timeout(Some(LONG)).unwrap();
            match kind {
                0 => {} // says nothing, and stays
                1 => drop(stream.try_clone().unwrap()),
                2 => stream.shutdown(Shutdown::Write).unwrap(),
                3 => stream.write_all(b"\xff\xff\xff\xff").unwrap(),
                4 => stream.write_all(&b"GET / HTTP/1.1\r\n\r\n"[..round.min(18)]).unwrap(),
                5 => stream.write_all(&framed(&[0; 75])).unwrap(),
                6 => {
                    let m1 = framed(&read_frame(&mut stream, 256).unwrap().unwrap());
                    let m2 = alice().feed(&m1).unwrap().send;
                    stream.write_all(&m2[..m2.len() - 1]).unwrap(); // a byte is missing, and it stays
                }
                _ => {
                    // Logged in, and then it talks past the channel.
                    let mut channel = connect(stream.try_clone().unwrap()).unwrap();
                    channel.write_all(b"well begun").unwrap();
                    channel.flush().unwrap();
                    stream.write_all(&[0; 100]).unwrap();
                }
            }
            // All but three kinds leave at once; a close with M1 unread resets the connection.
            if matches!(kind, 0 | 4 | 6) {
                staying.push(stream);
            }
        }
        // Among them all, and while many of them still hold a login open:
        let mut channel = connect(TcpStream::connect(addr).unwrap()).unwrap();
        channel.write_all(b"still there").unwrap();
        channel.finish().unwrap();
        assert_eq!(to_the_end(&mut channel).unwrap(), b"STILL THERE", "round {round}");
    }
    drop(staying);
    let results = server.join().unwrap();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), ROUNDS);
    for result in results {
        let lines = result.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(!lines.contains('\n'), "{lines}");
    }
}
