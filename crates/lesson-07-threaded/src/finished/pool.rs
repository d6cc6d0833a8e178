//! A few workers for everybody: a worker is taken by a request, and a client who says nothing takes none.
//!
//! ```text
//!   accept --> [one thread waits at all sockets] --> queue --> [worker] [worker] ...
//!                          |                                       |
//!                          +------------- the seats ---------------+
//! ```
//!
//! One thread waits at all the sockets at once (epoll(7) on Linux, kqueue(2) on macOS, I/O completion on Windows: `mio`). A
//! connection that has something to read is taken from its seat and goes through a short queue to a worker, who reads and
//! answers until there is nothing more, and then gives it its seat back.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::process;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use common::server::{Client, say};
use mio::{Events, Interest, Poll, Registry, Token, Waker};

use super::ending::End;
use super::queue::Queue;
use super::shared::Server;
use super::turn::{Connection, Turn};

const WAKE: Token = Token(usize::MAX);
/// So many events are taken at once.
const EVENTS: usize = 256;
/// So many pieces of one client are read before it is the turn of others.
const TURNS: usize = 16;

/// The way into the pool.
pub(super) struct Pool {
    arriving: Sender<Client>,
    pub(super) waker: Arc<Waker>,
}

/// What the thread that waits and the workers have in common.
struct Shared {
    server: Arc<Server>,
    registry: Registry,
    seats: Mutex<Seats>,
    requests: Queue<(Token, Connection)>,
    waker: Arc<Waker>,
}

/// All clients of the pool.
#[derive(Default)]
struct Seats {
    seats: HashMap<Token, Seat>,
    /// Who has had many turns and may have more to say.
    again: Vec<Token>,
    /// Nobody's time is up before this.
    first_due: Option<Instant>,
}

#[derive(Default)]
struct Seat {
    /// `None`: a worker has it.
    connection: Option<Connection>,
    /// Something came while a worker had it.
    ready: bool,
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
        let shared = Arc::new(Shared {
            server: server.clone(),
            registry: poll.registry().try_clone()?,
            seats: Mutex::default(),
            // Some for each worker: more would only wait here instead of in the kernel.
            requests: Queue::new(4 * workers),
            waker: waker.clone(),
        });
        for number in 1..=workers {
            let shared = shared.clone();
            thread::Builder::new().name(format!("worker {number}")).spawn(move || shared.work())?;
        }
        let (arriving, arrivals) = mpsc::channel();
        thread::Builder::new().name("waiting".to_string()).spawn(move || {
            if let Err(error) = shared.wait(poll, &arrivals) {
                say(format_args!("the pool cannot wait for clients any more: {error}"));
                process::exit(1);
            }
        })?;
        Ok(Pool { arriving, waker })
    }

    /// Lets a client in.
    pub(super) fn serve(&self, client: Client) {
        // The other end is there as long as the process, and so is what wakes it.
        let _ = self.arriving.send(client);
        let _ = self.waker.wake();
    }
}

impl Shared {
    /// The seats are whole after every statement, so a panic elsewhere does not spoil them.
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, mut poll: Poll, arrivals: &Receiver<Client>) -> io::Result<()> {
        let mut events = Events::with_capacity(EVENTS);
        let mut last = 0;
        let mut requests = Vec::new();
        loop {
            for client in arrivals.try_iter() {
                last = (last + 1) % WAKE.0;
                self.let_in(client, Token(last));
            }
            let mut seats = self.seats();
            let over = seats.over(self.server.permits.is_stopping());
            requests.extend(std::mem::take(&mut seats.again).into_iter().filter_map(|token| seats.rise(token)));
            let due = seats.first_due;
            drop(seats);
            for (connection, end) in over {
                match end {
                    Some(end) => connection.end(&self.server, &self.registry, &end),
                    None => connection.stop(&self.server, &self.registry),
                }
            }
            // When all workers are busy, it waits here, and new requests in the kernel.
            requests.drain(..).for_each(|request| self.requests.put(request));
            let patience = due.map(|due| due.saturating_duration_since(Instant::now()));
            match poll.poll(&mut events, patience) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            let mut seats = self.seats();
            requests.extend(events.iter().filter_map(|event| seats.rise(event.token())));
            drop(seats);
            requests.drain(..).for_each(|request| self.requests.put(request));
        }
    }

    fn let_in(&self, client: Client, token: Token) {
        let address = client.address;
        let mut connection = match Connection::new(client, &self.server) {
            Ok(connection) => connection,
            Err(error) => return say(format_args!("{address} was not served: {error}")),
        };
        let begun = connection.greet().and_then(|()| {
            // What is there already is reported too.
            self.registry.register(&mut connection.stream, token, Interest::READABLE)
        });
        match begun {
            Ok(()) => {
                let mut seats = self.seats();
                seats.is_due(connection.patience.until());
                seats.seats.insert(token, Seat { connection: Some(connection), ready: false });
            }
            Err(error) => connection.end(&self.server, &self.registry, &End::Broken(error)),
        }
    }

    /// One worker.
    fn work(&self) {
        loop {
            let (token, mut connection) = self.requests.take();
            let mut turns = 0;
            let end = loop {
                match connection.turn() {
                    Turn::Answered if turns < TURNS => turns += 1,
                    Turn::Over(end) => break Some((connection, end)),
                    turn => match self.sit(token, connection, matches!(turn, Turn::Answered)) {
                        Some(ready) => connection = ready,
                        None => break None,
                    },
                }
            };
            if let Some((connection, end)) = end {
                self.seats().seats.remove(&token);
                connection.end(&self.server, &self.registry, &end);
            }
        }
    }

    /// Gives a connection its seat back, with more to say or not. It is returned if something came meanwhile: no event
    /// would tell of that any more.
    fn sit(&self, token: Token, connection: Connection, again: bool) -> Option<Connection> {
        let mut seats = self.seats();
        let seat = seats.seats.entry(token).or_default();
        if seat.ready && !again {
            seat.ready = false;
            return Some(connection);
        }
        let until = connection.patience.until();
        seat.connection = Some(connection);
        if again {
            seats.again.push(token);
        }
        // The one who waits has to know of whatever it would sleep too long for.
        if seats.is_due(until) || again || self.server.permits.is_stopping() {
            let _ = self.waker.wake();
        }
        None
    }
}

impl Seats {
    /// Whether this is earlier than all the others.
    fn is_due(&mut self, until: Instant) -> bool {
        let first = self.first_due.is_none_or(|first| until < first);
        if first {
            self.first_due = Some(until);
        }
        first
    }

    /// Takes a connection from its seat, for a worker. `None`: one has it already, and will hear of it.
    fn rise(&mut self, token: Token) -> Option<(Token, Connection)> {
        let seat = self.seats.get_mut(&token)?;
        seat.ready = seat.connection.is_none();
        seat.connection.take().map(|connection| (token, connection))
    }

    /// Takes those whose time is up, with the reason; or, when the server is being stopped, everybody. Looks at all of
    /// them only when it may be somebody's time.
    fn over(&mut self, stopping: bool) -> Vec<(Connection, Option<End>)> {
        let now = Instant::now();
        if !stopping && self.first_due.is_none_or(|due| due > now) {
            return Vec::new();
        }
        let mut over = Vec::new();
        self.seats.retain(|_, seat| match seat.connection.take() {
            Some(connection) if stopping => {
                over.push((connection, None));
                false
            }
            Some(connection) if connection.patience.until() <= now => {
                let end = connection.patience.end();
                over.push((connection, Some(end)));
                false
            }
            connection => {
                seat.connection = connection;
                true
            }
        });
        let waiting = self.seats.values().filter_map(|seat| seat.connection.as_ref());
        self.first_due = waiting.map(|connection| connection.patience.until()).min();
        over
    }
}
