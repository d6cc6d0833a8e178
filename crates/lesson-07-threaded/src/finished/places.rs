//! How many clients are being served and how many may be, and how they are stopped.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The places of a server.
#[derive(Clone)]
pub(super) struct Places(Arc<(Mutex<State>, Condvar)>);

struct State {
    most: usize,
    /// With the socket of who waits in `read`, to be woken there.
    taken: HashMap<u64, Option<Arc<TcpStream>>>,
    last: u64,
    /// Whose place is free again and who has yet to say how it went.
    leaving: usize,
    /// Connections closed so far.
    closed: u64,
    stopping: bool,
}

/// The right of one client to be served; dropping it gives it back.
pub(super) struct Place {
    places: Places,
    number: u64,
}

/// Why there is no place.
pub(super) enum NoPlace {
    /// So many clients are being served.
    Full(usize),
    Stopping,
}

impl Places {
    pub(super) fn new(most: usize) -> Places {
        let taken = HashMap::new();
        let state = State { most, taken, last: 0, leaving: 0, closed: 0, stopping: false };
        Places(Arc::new((Mutex::new(state), Condvar::new())))
    }

    /// What is kept here is whole after every statement, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self) -> Result<Place, NoPlace> {
        let mut state = self.lock();
        if state.stopping {
            return Err(NoPlace::Stopping);
        }
        if state.taken.len() >= state.most {
            return Err(NoPlace::Full(state.most));
        }
        state.last += 1;
        let number = state.last;
        state.taken.insert(number, None);
        Ok(Place { places: self.clone(), number })
    }

    pub(super) fn stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Lets nobody in any more, and wakes everybody who waits in `read`.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        for stream in state.taken.values().flatten() {
            // It fails when that client has gone, and then there is nothing to stop.
            let _ = stream.shutdown(Shutdown::Read);
        }
    }

    /// Waits until everybody has left, but not for ever.
    pub(super) fn wait_until_empty(&self, most: Duration) {
        let somebody = |state: &mut State| !state.taken.is_empty() || state.leaving > 0;
        drop(self.0.1.wait_timeout_while(self.lock(), most, somebody));
    }

    /// Waits until one more connection is closed, but not for long.
    pub(super) fn wait_until_one_less(&self, most: Duration) {
        let state = self.lock();
        let before = state.closed;
        drop(self.0.1.wait_timeout_while(state, most, |state| state.closed == before));
    }
}

impl Place {
    /// Names the socket that its conversation waits at.
    pub(super) fn waits_at(&self, stream: &Arc<TcpStream>) {
        let mut state = self.places.lock();
        if state.stopping {
            let _ = stream.shutdown(Shutdown::Read);
        }
        state.taken.insert(self.number, Some(stream.clone()));
    }

    /// Gives the place back, then closes the connection and says a last word, for which a server that is being stopped
    /// waits too. Whoever hears it may rely on the place being free.
    pub(super) fn leave(self, last_word: impl FnOnce()) {
        let places = self.places.clone();
        places.lock().leaving += 1;
        drop(self);
        last_word();
        let mut state = places.lock();
        state.leaving -= 1;
        state.closed += 1;
        places.0.1.notify_all();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().taken.remove(&self.number);
        self.places.0.1.notify_all();
    }
}
