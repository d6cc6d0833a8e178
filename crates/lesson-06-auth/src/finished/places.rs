//! Who is being served, how many may be, and until when each must have gone on.

use std::collections::HashMap;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The connections of a server.
#[derive(Clone)]
pub(super) struct Places(Arc<(Mutex<State>, Condvar)>);

/// How many connections there may be at the same time.
#[derive(Clone, Copy)]
pub(super) struct Most {
    pub(super) all: usize,
    /// Of those that have not logged in.
    pub(super) strangers: usize,
    /// Of those that have not logged in and come from one address.
    pub(super) strangers_of_one_address: usize,
    /// Of those that have logged in with one identity.
    pub(super) of_one_identity: usize,
}

struct State {
    most: Most,
    taken: HashMap<u64, Taken>,
    last: u64,
    /// Whose place is free again and who has yet to say how it went.
    leaving: usize,
    stopping: bool,
}

struct Taken {
    stream: Arc<TcpStream>,
    address: IpAddr,
    /// `None`: it has not logged in.
    identity: Option<String>,
    /// When its connection is cut. `None`: the login has a deadline of its own.
    until: Option<Instant>,
}

/// The right of one connection to be served; dropping it gives it back.
pub(super) struct Place {
    places: Places,
    number: u64,
}

impl Places {
    pub(super) fn new(most: Most) -> Places {
        let state = State { most, taken: HashMap::new(), last: 0, leaving: 0, stopping: false };
        Places(Arc::new((Mutex::new(state), Condvar::new())))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from this address that has yet to log in.
    ///
    /// # Errors
    ///
    /// There is none: why, for the log.
    pub(super) fn take(&self, stream: &Arc<TcpStream>, address: IpAddr) -> Result<Place, &'static str> {
        let mut state = self.lock();
        let address = address.to_canonical();
        let strangers = || state.taken.values().filter(|taken| taken.identity.is_none());
        let of_one_address = strangers().filter(|taken| taken.address == address).count();
        if state.stopping {
            return Err("the server is being stopped");
        }
        if state.taken.len() >= state.most.all {
            return Err("too many connections");
        }
        if strangers().count() >= state.most.strangers {
            return Err("too many that have not logged in");
        }
        if of_one_address >= state.most.strangers_of_one_address {
            return Err("too many of its address that have not logged in");
        }
        state.last += 1;
        let number = state.last;
        state.taken.insert(number, Taken { stream: stream.clone(), address, identity: None, until: None });
        Ok(Place { places: self.clone(), number })
    }

    /// Waits until a connection has gone, but not for long.
    pub(super) fn wait_for_a_change(&self, most: Duration) {
        let before = self.lock().taken.len();
        drop(self.0.1.wait_timeout_while(self.lock(), most, |state| state.taken.len() >= before));
    }

    pub(super) fn stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Cuts connections whose time is up, for ever. The timeout of a socket would not do: it is for one read, and a record
    /// may come a byte at a time.
    pub(super) fn watch(&self) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            for taken in state.taken.values_mut() {
                if taken.until.is_some_and(|until| until <= now) {
                    taken.until = None;
                    // It fails when that client has gone, and then there is nothing to cut.
                    let _ = taken.stream.shutdown(Shutdown::Both);
                }
            }
            let next = state.taken.values().filter_map(|taken| taken.until).min();
            state = match next {
                None => self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(now);
                    self.0.1.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Lets nobody in any more, cuts off who has not logged in, and gives the others some time to be told.
    pub(super) fn stop(&self, within: Duration) {
        let mut state = self.lock();
        state.stopping = true;
        for taken in state.taken.values().filter(|taken| taken.identity.is_none()) {
            let _ = taken.stream.shutdown(Shutdown::Both);
        }
        drop(self.0.1.wait_timeout_while(state, within, |state| !state.taken.is_empty() || state.leaving > 0));
    }

    /// Starts the thread that does [`Places::watch`].
    pub(super) fn start_watching(&self) -> std::io::Result<()> {
        let places = self.clone();
        thread::Builder::new().spawn(move || places.watch()).map(drop)
    }
}

impl Place {
    /// The login is done: the place is not among the few for strangers any more. False: this identity has as many as it may
    /// have.
    pub(super) fn logged_in(&self, identity: &str) -> bool {
        let mut state = self.places.lock();
        let same = state.taken.values().filter(|taken| taken.identity.as_deref() == Some(identity)).count();
        if same >= state.most.of_one_identity {
            return false;
        }
        if let Some(taken) = state.taken.get_mut(&self.number) {
            taken.identity = Some(identity.to_string());
        }
        true
    }

    /// From now on, the connection is cut when so much time has passed before this is called again.
    pub(super) fn within(&self, time: Duration) {
        if let Some(taken) = self.places.lock().taken.get_mut(&self.number) {
            taken.until = Some(Instant::now() + time);
        }
        self.places.0.1.notify_all();
    }

    /// Whether the connection was cut, its time being up.
    pub(super) fn expired(&self) -> bool {
        self.places
            .lock()
            .taken
            .get(&self.number)
            .is_some_and(|taken| taken.identity.is_some() && taken.until.is_none())
    }

    /// Gives the place back and then says a last word, for which a server that is stopped waits too. Whoever hears it may
    /// rely on the place being free.
    pub(super) fn leave(self, last_word: impl FnOnce()) {
        let places = self.places.clone();
        places.lock().leaving += 1;
        drop(self);
        last_word();
        places.lock().leaving -= 1;
        places.0.1.notify_all();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().taken.remove(&self.number);
        self.places.0.1.notify_all();
    }
}
