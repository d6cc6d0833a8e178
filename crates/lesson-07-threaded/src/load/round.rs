//! All clients at the same time.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::deadline::Deadline;

use super::client::{self, Commands, Session};

/// A client needs little room, and there may be thousands, bytes.
const STACK: usize = 256 * 1024;
/// How often the progress is shown.
const TICK: Duration = Duration::from_millis(100);

/// What is asked of a server.
pub(super) struct Load {
    pub(super) clients: u64,
    /// Of all clients together.
    pub(super) requests: u64,
    /// For one round.
    pub(super) deadline: Duration,
    /// Each command ends with a newline.
    pub(super) lines: bool,
}

/// What all clients saw.
pub(super) struct Round {
    pub(super) sessions: Vec<Session>,
    /// From the first connect to the end of the last session.
    pub(super) elapsed: Duration,
    /// Processor time of the clients and of the server meanwhile; `None` where the system does not tell.
    pub(super) processors: Processors,
}

/// Processor time that was used during a round.
#[derive(Clone, Copy, Default)]
pub(super) struct Processors {
    pub(super) clients: Option<Duration>,
    pub(super) server: Option<Duration>,
}

impl Load {
    /// A small load of the same kind, which is not counted: the first requests of a process are slower.
    pub(super) fn warm_up(&self) -> Load {
        let clients = self.clients.min(10);
        Load { clients, requests: (self.requests / 10).clamp(clients, 1000), ..*self }
    }

    /// How many requests a client makes: the first ones make one more where the number does not divide.
    fn share(&self, client: u64) -> u64 {
        self.requests / self.clients + u64::from(client < self.requests % self.clients)
    }

    /// Runs all clients to their ends; `progress` is told now and then how many answers have come.
    ///
    /// A client is a thread that waits for its answers. They all start at the same time.
    ///
    /// # Errors
    ///
    /// The system has no room for so many threads.
    pub(super) fn round(&self, address: SocketAddr, progress: &dyn Fn(u64)) -> anyhow::Result<Round> {
        let answered = AtomicU64::new(0);
        let commands = Commands::new(self.lines);
        let gate = RwLock::new(None);
        let (sender, finished) = mpsc::channel();
        thread::scope(|scope| {
            let mut closed = gate.write().unwrap_or_else(PoisonError::into_inner);
            for number in 0..self.clients {
                let (sender, gate, answered) = (sender.clone(), &gate, &answered);
                let client = move || {
                    // Nothing in it: not all of them could be started.
                    let open = gate.read().unwrap_or_else(PoisonError::into_inner);
                    let Some(deadline) = open.as_ref() else { return };
                    // Whoever starts the clients also waits for all of them.
                    let _ = sender.send(client::talk(address, commands, self.share(number), deadline, answered));
                };
                thread::Builder::new().stack_size(STACK).spawn_scoped(scope, client).with_context(|| {
                    format!("only {number} threads for clients could be started: give a smaller --clients")
                })?;
            }
            drop(sender);
            let start = Instant::now();
            *closed = Some(Deadline::after(self.deadline));
            drop(closed);
            let mut sessions = Vec::new();
            loop {
                match finished.recv_timeout(TICK) {
                    Ok(session) => sessions.push(session),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                progress(answered.load(Ordering::Relaxed));
            }
            let end = sessions.iter().map(|session: &Session| session.end).max().unwrap_or(start);
            Ok(Round { sessions, elapsed: end - start, processors: Processors::default() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(clients: u64, requests: u64) -> Load {
        Load { clients, requests, deadline: Duration::from_secs(1), lines: false }
    }

    #[test]
    fn every_request_is_made_once() {
        for (clients, requests) in [(1, 1), (3, 10), (50, 20_000), (7, 7), (999, 1000)] {
            let load = load(clients, requests);
            assert_eq!((0..clients).map(|client| load.share(client)).sum::<u64>(), requests);
        }
    }

    #[test]
    fn the_warm_up_is_never_more_than_the_load() {
        for (clients, requests) in [(1, 1), (3, 10), (50, 50), (5000, 10_000_000)] {
            let warm_up = load(clients, requests).warm_up();
            assert!(warm_up.clients <= clients && warm_up.requests <= requests && warm_up.requests >= warm_up.clients);
        }
    }
}
