use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many clients are served at the same time, of all and of one address, and how they are stopped.
#[derive(Clone)]
pub struct Permits(Arc<(Mutex<State>, Condvar)>);

struct State {
    most: usize,
    most_of_one: usize,
    taken: HashMap<u64, Taken>,
    of: HashMap<IpAddr, usize>,
    last: u64,
    /// Whose permit is free again and who has yet to say how it went.
    leaving: usize,
    /// Connections closed so far.
    closed: u64,
    stopping: bool,
}

struct Taken {
    address: IpAddr,
    /// Where its conversation waits in `read`.
    waits_at: Option<Arc<TcpStream>>,
}

/// The right of one client to be served. Dropping it gives it back, so a panic in the conversation does so too.
pub struct Permit {
    permits: Permits,
    number: u64,
    /// Its connection is closed later, by the last word of [`Permit::leave`].
    is_leaving: bool,
}

/// Why there is no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoPermit {
    /// So many clients are being served.
    Full(usize),
    /// So many clients of the same address are being served.
    FullOfOne(usize),
    /// The server is being stopped.
    Stopping,
}

impl fmt::Display for NoPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPermit::Full(most) => write!(f, "there are {most} clients already"),
            NoPermit::FullOfOne(most) => write!(f, "there are {most} clients of this address already"),
            NoPermit::Stopping => write!(f, "the server is being stopped"),
        }
    }
}

impl Permits {
    /// At most so many clients at the same time.
    pub fn new(most: usize) -> Permits {
        Permits::with(most, most)
    }

    /// At most so many clients, and at most so many of one address: otherwise one machine can take all the places. Clients
    /// behind one NAT have one address, and so have all clients of a server on loopback.
    pub fn with(most: usize, most_of_one: usize) -> Permits {
        let state = State {
            most,
            most_of_one,
            taken: HashMap::new(),
            of: HashMap::new(),
            last: 0,
            leaving: 0,
            closed: 0,
            stopping: false,
        };
        Permits(Arc::new((Mutex::new(state), Condvar::new())))
    }

    /// What is kept here is whole after every statement, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit for a client of this address. IPv4-mapped addresses count as the IPv4 addresses that they stand for.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn try_take(&self, address: IpAddr) -> Result<Permit, NoPermit> {
        self.take_from(&mut self.lock(), address)
    }

    fn take_from(&self, state: &mut State, address: IpAddr) -> Result<Permit, NoPermit> {
        let address = address.to_canonical();
        if state.stopping {
            return Err(NoPermit::Stopping);
        }
        if state.taken.len() >= state.most {
            return Err(NoPermit::Full(state.most));
        }
        let of_one = state.of.entry(address).or_default();
        if *of_one >= state.most_of_one {
            return Err(NoPermit::FullOfOne(state.most_of_one));
        }
        *of_one += 1;
        state.last += 1;
        let number = state.last;
        state.taken.insert(number, Taken { address, waits_at: None });
        Ok(Permit { permits: self.clone(), number, is_leaving: false })
    }

    /// Waits for a permit, as long as all are taken by clients of any address.
    ///
    /// # Errors
    ///
    /// [`NoPermit::FullOfOne`]: others should not have to wait for that. [`NoPermit::Stopping`], also when the server is
    /// stopped meanwhile.
    pub fn take(&self, address: IpAddr) -> Result<Permit, NoPermit> {
        let full = |state: &mut State| !state.stopping && state.taken.len() >= state.most;
        let mut state = self.0.1.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        self.take_from(&mut state, address)
    }

    /// Whether [`Permits::stop`] was called.
    pub fn is_stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Gives no permit any more, and wakes everybody who waits in `read` at a socket of [`Permit::waits_at`]: what has
    /// arrived there can still be read and answered, then comes the end of the stream.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        for stream in state.taken.values().filter_map(|taken| taken.waits_at.as_ref()) {
            // It fails when that client has gone, and then there is nothing to stop.
            let _ = stream.shutdown(Shutdown::Read);
        }
        drop(state);
        self.0.1.notify_all();
    }

    /// Waits until every permit has been given back and every last word of [`Permit::leave`] said, for at most `time`.
    /// Whether that is so.
    pub fn wait_until_empty(&self, time: Duration) -> bool {
        let somebody = |state: &mut State| !state.taken.is_empty() || state.leaving > 0;
        let waited = self.0.1.wait_timeout_while(self.lock(), time, somebody);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Waits until one more connection is closed, for at most `time`: what to do when descriptors have run out.
    pub fn wait_until_one_less(&self, time: Duration) {
        let state = self.lock();
        let before = state.closed;
        drop(self.0.1.wait_timeout_while(state, time, |state| state.closed == before));
    }
}

impl Permit {
    /// Names the socket that the conversation waits at, so that [`Permits::stop`] wakes it there.
    pub fn waits_at(&self, stream: &Arc<TcpStream>) {
        let mut state = self.permits.lock();
        if state.stopping {
            let _ = stream.shutdown(Shutdown::Read);
        }
        if let Some(taken) = state.taken.get_mut(&self.number) {
            taken.waits_at = Some(stream.clone());
        }
    }

    /// Gives the permit back, then closes the connection and says a last word, which [`Permits::wait_until_empty`] waits for
    /// too. Whoever hears it may rely on the place being free.
    pub fn leave(mut self, last_word: impl FnOnce()) {
        /// Counts also where the last word panics.
        struct Leaving(Permits);
        impl Drop for Leaving {
            fn drop(&mut self) {
                let mut state = self.0.lock();
                state.leaving -= 1;
                state.closed += 1;
                drop(state);
                self.0.0.1.notify_all();
            }
        }
        self.is_leaving = true;
        let permits = self.permits.clone();
        permits.lock().leaving += 1;
        let _leaving = Leaving(permits);
        drop(self);
        last_word();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.permits.lock();
        let Some(taken) = state.taken.remove(&self.number) else { return };
        if !self.is_leaving {
            state.closed += 1;
        }
        if let Some(of_one) = state.of.get_mut(&taken.address) {
            *of_one -= 1;
            if *of_one == 0 {
                state.of.remove(&taken.address);
            }
        }
        drop(state);
        self.permits.0.1.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::panic::catch_unwind;
    use std::thread;

    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn there_are_so_many_of_all_and_so_many_of_one_address() {
        let permits = Permits::with(3, 2);
        let first = permits.try_take(LOCAL).expect("a permit");
        let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        let _second = permits.try_take(mapped).expect("a permit");
        assert_eq!(permits.try_take(LOCAL).err(), Some(NoPermit::FullOfOne(2)));
        assert_eq!(permits.take(LOCAL).err(), Some(NoPermit::FullOfOne(2)));
        let _third = permits.try_take(OTHER).expect("a permit");
        assert_eq!(permits.try_take(OTHER).err(), Some(NoPermit::Full(3)));
        drop(first);
        assert!(permits.try_take(LOCAL).is_ok());
    }

    #[test]
    fn a_panic_gives_the_permit_back() {
        let permits = Permits::new(1);
        let permit = permits.try_take(LOCAL).expect("a permit");
        let _ = catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _permit = permit;
            panic!("on purpose");
        }));
        let permit = permits.try_take(LOCAL).expect("it is back");
        let _ = catch_unwind(std::panic::AssertUnwindSafe(|| permit.leave(|| panic!("on purpose"))));
        assert!(permits.wait_until_empty(Duration::ZERO));
    }

    #[test]
    fn a_connection_is_closed_when_its_last_word_is_said_and_not_before() {
        let permits = Permits::new(1);
        let closed = |permits: &Permits| permits.lock().closed;
        let permit = permits.try_take(LOCAL).expect("a permit");
        permit.leave(|| assert_eq!((closed(&permits), permits.try_take(LOCAL).is_ok()), (0, true)));
        // The one that was taken and dropped meanwhile counts too.
        assert_eq!(closed(&permits), 2);
    }

    #[test]
    fn a_stop_ends_every_wait() {
        let permits = Permits::new(1);
        let permit = permits.take(LOCAL).expect("a permit");
        let waiting = permits.clone();
        let waiting = thread::spawn(move || waiting.take(LOCAL).err());
        assert!(!permits.wait_until_empty(Duration::ZERO));
        permits.stop();
        assert_eq!(waiting.join().expect("no panic"), Some(NoPermit::Stopping));
        permit.leave(|| {});
        assert!(permits.wait_until_empty(Duration::ZERO));
        assert_eq!(permits.try_take(LOCAL).err(), Some(NoPermit::Stopping));
    }
}
