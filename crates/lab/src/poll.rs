//! Waiting for a condition.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long the lab waits for anything that ought to happen at once: no verdict depends on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Looks again and again until the condition holds; false when the time is up. The first looks follow each other at
/// once, later ones every half millisecond.
pub(crate) fn until(within: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + within;
    for look in 0u32.. {
        if holds() {
            return true;
        }
        if Instant::now() >= deadline {
            break;
        }
        if look < 20 {
            thread::yield_now();
        } else {
            thread::park_timeout(Duration::from_micros(500));
        }
    }
    false
}

/// Locks a mutex; a thread that panicked while it held it does not matter.
pub(crate) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a thread that ends once `wake` has reached it. Whatever wakes it may get lost, so it is done again and again.
/// A thread that does not end in time is left behind: false.
pub(crate) fn join(thread: JoinHandle<()>, mut wake: impl FnMut()) -> bool {
    const AGAIN: Duration = Duration::from_millis(200);
    let ended = until(PATIENCE, || {
        wake();
        until(AGAIN, || thread.is_finished())
    });
    if ended {
        // It panicked: the panic is on standard error.
        let _ = thread.join();
    }
    ended
}
