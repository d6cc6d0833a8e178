//! The end of a connection, from the server's side.
//!
//! A socket that is closed with unread bytes in it resets the connection (RFC 9293, section 3.6.1), and a reset may destroy
//! what the client has not read yet. So the server ends its own direction, and then reads and throws away until the client
//! has ended too. That can take a while, so one thread does it for all of them.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token, Waker};

/// How long, and for how many bytes, one connection is waited for.
const LONGEST: Duration = Duration::from_secs(1);
const BYTES: usize = 1024 * 1024;
/// So many at the same time; the next ones are closed at once.
const MOST: usize = 256;

const WAKE: Token = Token(usize::MAX);

/// Where connections are left that are over.
#[derive(Clone)]
pub(super) struct Parting {
    leaving: Sender<TcpStream>,
    waker: Arc<Waker>,
    count: Arc<AtomicUsize>,
}

struct Leaving {
    stream: mio::net::TcpStream,
    until: Instant,
    bytes: usize,
}

impl Parting {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// The system gives no thread, or no descriptors.
    pub(super) fn start() -> io::Result<Parting> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (leaving, arriving) = mpsc::channel();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        thread::Builder::new().name("parting".to_string()).spawn(move || wait(poll, &arriving, &counted))?;
        Ok(Parting { leaving, waker, count })
    }

    /// Says a last word, sends the end, and leaves the rest to the thread.
    pub(super) fn part(&self, mut stream: TcpStream, last_word: &str) {
        // Each of these fails when the client has gone, and then there is nobody to tell.
        let told = stream
            .set_nonblocking(true)
            .and_then(|()| stream.write_all(last_word.as_bytes()))
            .and_then(|()| stream.shutdown(Shutdown::Write));
        if told.is_ok() && self.count.fetch_add(1, Ordering::Relaxed) < MOST && self.leaving.send(stream).is_ok() {
            let _ = self.waker.wake();
        }
    }
}

fn wait(mut poll: Poll, arriving: &Receiver<TcpStream>, count: &AtomicUsize) {
    let mut leaving = HashMap::new();
    let mut next = 0;
    let mut events = Events::with_capacity(MOST);
    loop {
        let now = Instant::now();
        leaving.retain(|_, one: &mut Leaving| one.until > now);
        for stream in arriving.try_iter() {
            let mut stream = mio::net::TcpStream::from_std(stream);
            next = (next + 1) % WAKE.0;
            if poll.registry().register(&mut stream, Token(next), Interest::READABLE).is_ok() {
                leaving.insert(Token(next), Leaving { stream, until: now + LONGEST, bytes: 0 });
            }
        }
        count.store(leaving.len(), Ordering::Relaxed);
        let first = leaving.values().map(|one| one.until.saturating_duration_since(now)).min();
        if let Err(error) = poll.poll(&mut events, first)
            && error.kind() != ErrorKind::Interrupted
        {
            // From here on connections are closed at once.
            return;
        }
        for event in &events {
            if let Some(one) = leaving.get_mut(&event.token())
                && one.is_over()
            {
                leaving.remove(&event.token());
            }
        }
    }
}

impl Leaving {
    /// Throws away what came. Whether the client has ended too, or sends far too much.
    fn is_over(&mut self) -> bool {
        let mut buffer = [0; 4096];
        while self.bytes < BYTES {
            #[expect(clippy::disallowed_methods, reason = "throws away whatever there is, until there is none")]
            match self.stream.read(&mut buffer) {
                Ok(0) => return true,
                Ok(got) => self.bytes += got,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return error.kind() != ErrorKind::WouldBlock,
            }
        }
        true
    }
}
