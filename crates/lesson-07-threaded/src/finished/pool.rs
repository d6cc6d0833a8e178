//! A few workers for everybody: a worker is taken by a request, and a client who says nothing takes none.
//!
//! ```text
//!   accept --> arriving --> [waiting: one thread, one Poll] --> queue --> [worker] x N
//!                                    ^                                      |
//!                                    +---------------- back ----------------+
//! ```
//!
//! One thread waits at all the sockets at once (epoll(7) on Linux, kqueue(2) on macOS, I/O completion on Windows: `mio`).
//! A connection that has something to read goes through a short queue to a worker, who does one exchange, a piece and its
//! answers, and sends it back. Nobody in here waits for a client: who has no room for its answers is given up.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token, Waker};

use super::conversation::{Conversation, Next, PIECE};
use super::ending::{End, Patience};
use super::places::Place;
use super::server::{Client, Server, say};
use super::wire::GREETING;

const WAKE: Token = Token(usize::MAX);
/// So many events are taken at once.
const EVENTS: usize = 256;
/// A connection that is ended by the server is read so often once more, for what had already arrived.
const LAST_PIECES: usize = 64;

/// The way into the pool.
pub(super) struct Pool {
    arriving: Sender<Arriving>,
    pub(super) waker: Arc<Waker>,
}

enum Arriving {
    New(Client),
    /// From a worker.
    Back(Connection),
}

/// What a thread of its own would have on its stack.
struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    place: Place,
    conversation: Conversation,
    patience: Patience,
}

/// What came of one turn.
enum Turn {
    Answered,
    /// There was nothing to read.
    Nothing,
    Over(End),
}

impl Pool {
    /// Starts the thread that waits, and the workers.
    ///
    /// # Errors
    ///
    /// The system gives no thread, or no descriptors.
    pub(super) fn start(server: &Arc<Server>, workers: usize) -> io::Result<Pool> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (arriving, arrivals) = mpsc::channel();
        // As many again as are being worked on: more would only wait here instead of in the kernel.
        let (queue, requests) = mpsc::sync_channel(workers);
        let requests = Arc::new(Mutex::new(requests));
        for number in 1..=workers {
            let (server, requests, back, waker) = (server.clone(), requests.clone(), arriving.clone(), waker.clone());
            thread::Builder::new()
                .name(format!("worker {number}"))
                .spawn(move || work(&server, &requests, &back, &waker))?;
        }
        let server = server.clone();
        let waiting = Waiting { server, poll, connections: HashMap::new(), last: 0, first_due: None };
        thread::Builder::new().name("waiting".to_string()).spawn(move || {
            if let Err(error) = waiting.wait(&arrivals, &queue) {
                say(&format!("the pool cannot wait for clients any more: {error}"));
                process::exit(1);
            }
        })?;
        Ok(Pool { arriving, waker })
    }

    pub(super) fn serve(&self, client: Client) {
        // The other end is there as long as the process, and so is what wakes it.
        let _ = self.arriving.send(Arriving::New(client));
        let _ = self.waker.wake();
    }
}

/// Everybody who has nothing to be read.
struct Waiting {
    server: Arc<Server>,
    poll: Poll,
    connections: HashMap<Token, Connection>,
    last: usize,
    /// Nobody's time is up before this.
    first_due: Option<Instant>,
}

impl Waiting {
    fn wait(mut self, arrivals: &Receiver<Arriving>, queue: &SyncSender<Connection>) -> io::Result<()> {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            for arriving in arrivals.try_iter() {
                match arriving {
                    Arriving::New(client) => self.greet(client),
                    Arriving::Back(connection) => self.add(connection),
                }
            }
            if self.server.places.stopping() {
                for (_, connection) in self.connections.drain() {
                    connection.stop(&self.server);
                }
            }
            self.end_those_due();
            let patience = self.first_due.map(|due| due.saturating_duration_since(Instant::now()));
            match self.poll.poll(&mut events, patience) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            for event in &events {
                let Some(mut connection) = self.connections.remove(&event.token()) else { continue };
                // A worker's from now on: two events must not give it to two of them.
                if let Err(error) = self.poll.registry().deregister(&mut connection.stream) {
                    connection.end(&self.server, End::Broken(error));
                } else if queue.send(connection).is_err() {
                    return Err(io::Error::other("there are no workers"));
                }
            }
        }
    }

    fn greet(&mut self, client: Client) {
        let Client { stream, address, place } = client;
        let prepared = stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true));
        let mut connection = Connection {
            stream: TcpStream::from_std(stream),
            address,
            place,
            conversation: Conversation::new(self.server.limits.lines),
            patience: Patience::new(self.server.limits),
        };
        match prepared.and_then(|()| connection.stream.write_all(GREETING.as_bytes())) {
            Ok(()) => self.add(connection),
            Err(error) => connection.end(&self.server, End::Broken(error)),
        }
    }

    fn add(&mut self, mut connection: Connection) {
        self.last = (self.last + 1) % WAKE.0;
        let token = Token(self.last);
        // What is there already is reported too: a registration tells of the state, not only of changes.
        match self.poll.registry().register(&mut connection.stream, token, Interest::READABLE) {
            Ok(()) => {
                let due = connection.patience.until();
                self.first_due = Some(self.first_due.map_or(due, |first| first.min(due)));
                self.connections.insert(token, connection);
            }
            Err(error) => connection.end(&self.server, End::Broken(error)),
        }
    }

    /// Looks at everybody only when somebody's time may be up.
    fn end_those_due(&mut self) {
        let now = Instant::now();
        if self.first_due.is_none_or(|due| due > now) {
            return;
        }
        for (_, connection) in self.connections.extract_if(|_, connection| connection.patience.until() <= now) {
            let end = connection.patience.end();
            connection.end(&self.server, end);
        }
        self.first_due = self.connections.values().map(|connection| connection.patience.until()).min();
    }
}

fn work(server: &Server, requests: &Mutex<Receiver<Connection>>, back: &Sender<Arriving>, waker: &Waker) {
    loop {
        let next = requests.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut connection) = next else { return };
        // A mistake in the handler costs its one client the connection; the worker goes on.
        match catch_unwind(AssertUnwindSafe(|| connection.turn())).unwrap_or(Turn::Over(End::Panic)) {
            Turn::Answered | Turn::Nothing => {
                if back.send(Arriving::Back(connection)).is_err() || waker.wake().is_err() {
                    return;
                }
            }
            Turn::Over(end) => connection.end(server, end),
        }
    }
}

impl Connection {
    /// One piece and the answers to it. Never waits.
    fn turn(&mut self) -> Turn {
        let mut piece = [0; PIECE];
        #[expect(clippy::disallowed_methods, reason = "whatever one read gives is a piece")]
        let got = match self.stream.read(&mut piece) {
            Ok(0) if self.conversation.in_a_line() => return Turn::Over(End::InALine),
            Ok(0) => return Turn::Over(End::Client),
            Ok(got) => got,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                return Turn::Nothing;
            }
            Err(error) => return Turn::Over(End::Broken(error)),
        };
        let mut answers = Vec::new();
        let next = self.conversation.feed(&piece[..got], &mut answers);
        if !answers.is_empty() {
            self.patience.renew();
        }
        // All at once or not at all: the answers to one piece fit into the empty buffer of any socket.
        match (self.stream.write_all(&answers), next) {
            (Err(error), _) if error.kind() == ErrorKind::WouldBlock => Turn::Over(End::NotTaken),
            (Err(error), _) => Turn::Over(End::Broken(error)),
            (Ok(()), Next::Read) => Turn::Answered,
            (Ok(()), Next::Exit) => Turn::Over(End::Exit),
            (Ok(()), Next::TooLong) => Turn::Over(End::TooLong),
        }
    }

    /// Answers what had arrived, then ends.
    fn stop(mut self, server: &Server) {
        for _ in 0..LAST_PIECES {
            match self.turn() {
                Turn::Answered => {}
                Turn::Nothing => break,
                Turn::Over(end) => return self.end(server, end),
            }
        }
        self.end(server, End::Stopped);
    }

    fn end(self, server: &Server, end: End) {
        server.leave(self.place, self.stream.into(), self.address, self.conversation.commands(), &end);
    }
}
