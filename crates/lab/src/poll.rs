//! Waiting for a condition.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long the lab waits for anything that ought to happen at once: no verdict depends on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The first looks follow each other at once, the next one comes after this, and later ones ever more rarely: whoever
/// waits long does not notice, and a look costs something.
const PAUSE: Duration = Duration::from_micros(500);

/// The longest pause between two looks: far shorter than the time after which everybody's sleep is taken for a hang
/// (20 ms), since a thread of the relay that sleeps between two looks sleeps as well.
const LONGEST_PAUSE: Duration = Duration::from_millis(4);

/// However long a look and the pause after it took, no more than this counts. A lab that is stopped (Ctrl-Z), or that gets
/// no processor, has not waited meanwhile: neither has whoever it waits for had the time that it seems.
const MOST_FOR_A_LOOK: Duration = Duration::from_millis(5);

/// How long something has been waited for, as far as whoever waits could look meanwhile.
pub(crate) struct Waiting {
    so_far: Duration,
    most_for_a_look: Duration,
    last: Instant,
}

impl Waiting {
    /// For somebody who looks again and again, at least every few milliseconds.
    pub(crate) fn begin() -> Waiting {
        Waiting::with_looks_every(MOST_FOR_A_LOOK)
    }

    /// For somebody who looks at least this often when nothing keeps them from it.
    pub(crate) fn with_looks_every(pause: Duration) -> Waiting {
        Waiting { so_far: Duration::ZERO, most_for_a_look: pause, last: Instant::now() }
    }

    /// There was one more look; how long it has been by now.
    pub(crate) fn look(&mut self) -> Duration {
        self.look_at(Instant::now())
    }

    fn look_at(&mut self, now: Instant) -> Duration {
        let took = now.saturating_duration_since(self.last);
        self.last = now;
        self.so_far += took.min(self.most_for_a_look);
        self.so_far
    }
}

/// Looks again and again until the condition holds; false when the time is up, as far as the lab could look meanwhile.
pub(crate) fn until(within: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let mut waiting = Waiting::begin();
    let mut pause = PAUSE;
    for look in 0u32.. {
        if holds() {
            return true;
        }
        if waiting.look() >= within {
            break;
        }
        if look < 20 {
            thread::yield_now();
        } else {
            thread::park_timeout(pause);
            pause = (pause + pause / 16).min(LONGEST_PAUSE);
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
    const TIMES: u128 = PATIENCE.as_millis() / AGAIN.as_millis();
    let ended = (0..TIMES).any(|_| {
        wake();
        until(AGAIN, || thread.is_finished())
    });
    if ended {
        // It panicked: the panic is on standard error.
        let _ = thread.join();
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_condition_that_holds_is_seen_at_the_first_look_even_without_any_time() {
        assert!(until(Duration::ZERO, || true));
        assert!(!until(Duration::ZERO, || false));
    }

    #[test]
    fn what_does_not_come_true_is_waited_for_as_long_as_was_asked() {
        let begin = Instant::now();
        assert!(!until(Duration::from_millis(30), || false));
        assert!(begin.elapsed() >= Duration::from_millis(30));
    }

    #[test]
    fn what_comes_true_late_is_seen() {
        let begin = Instant::now();
        assert!(until(Duration::from_secs(60), || begin.elapsed() >= Duration::from_millis(20)));
    }

    #[test]
    fn a_lab_that_was_stopped_for_a_minute_has_not_lost_its_patience() {
        let mut waiting = Waiting::begin();
        let begin = waiting.last;
        let mut after = |milliseconds| waiting.look_at(begin + Duration::from_millis(milliseconds)).as_millis();
        assert_eq!(after(1), 1);
        assert_eq!(after(60_000), 6, "a minute without a look counts 5 ms");
        assert_eq!(after(60_005), 11);
        assert_eq!(after(60_006), 12);
    }

    #[test]
    fn a_lab_that_hardly_gets_a_processor_looks_as_often_as_one_that_has_it_to_itself() {
        let looks = Cell::new(0);
        assert!(!until(Duration::from_millis(50), || {
            looks.set(looks.get() + 1);
            thread::park_timeout(Duration::from_millis(12));
            false
        }));
        assert!(looks.get() >= 10, "{} looks", looks.get());
    }

    #[test]
    fn a_thread_that_misses_its_first_call_is_called_again() {
        let (called, calls) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            // The first call is missed, the second one is heard.
            let _ = (calls.recv(), calls.recv());
        });
        assert!(join(thread, || called.send(()).unwrap_or_default()));
    }
}
