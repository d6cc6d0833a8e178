//! A queue of bounded length between threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Who puts something in waits while it is full, and who takes something out waits while it is empty.
pub(super) struct Queue<T> {
    items: Mutex<VecDeque<T>>,
    most: usize,
    not_full: Condvar,
    not_empty: Condvar,
}

impl<T> Queue<T> {
    pub(super) fn new(most: usize) -> Queue<T> {
        let items = Mutex::new(VecDeque::with_capacity(most));
        Queue { items, most, not_full: Condvar::new(), not_empty: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, item: T) {
        let full = |items: &mut VecDeque<T>| items.len() >= self.most;
        let mut items = self.not_full.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        items.push_back(item);
        drop(items);
        self.not_empty.notify_one();
    }

    pub(super) fn take(&self) -> T {
        let mut items = self.lock();
        loop {
            if let Some(item) = items.pop_front() {
                drop(items);
                self.not_full.notify_one();
                return item;
            }
            items = self.not_empty.wait(items).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_is_put_in_comes_out_once_and_in_order() {
        let queue = Queue::new(2);
        thread::scope(|scope| {
            let taken = scope.spawn(|| (0..1000).map(|_| queue.take()).collect::<Vec<_>>());
            (0..1000).for_each(|number| queue.put(number));
            assert!(taken.join().expect("no panic").into_iter().eq(0..1000));
        });
    }
}
