//! A budget of memory shared by threads.

use std::sync::{Condvar, Mutex, MutexGuard};

/// At most `capacity` bytes are lent at any time, in the order of asking.
///
/// A wish above the capacity is lent once nothing else is: the largest pictures are decoded one
/// at a time. In order, so that a large wish is not overtaken for ever by small ones.
#[derive(Debug)]
pub(crate) struct Budget {
    capacity: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lent: u64,
    next_ticket: u64,
    serving: u64,
}

/// Bytes lent until dropped.
#[derive(Debug)]
pub(crate) struct Loan<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    /// `capacity` in bytes.
    pub(crate) fn new(capacity: u64) -> Self {
        Self { capacity, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until `bytes` (or, if that is more, the whole capacity) are free.
    pub(crate) fn borrow(&self, bytes: u64) -> Loan<'_> {
        let bytes = bytes.min(self.capacity);
        let mut state = self.lock();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        while state.serving != ticket || state.lent + bytes > self.capacity {
            state = self.changed.wait(state).unwrap_or_else(|e| e.into_inner());
        }
        state.serving += 1;
        state.lent += bytes;
        drop(state);
        self.changed.notify_all();
        Loan { budget: self, bytes }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        self.budget.lock().lent -= self.bytes;
        self.budget.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn more_than_the_capacity_is_lent_alone() {
        let budget = Budget::new(10);
        let loan = budget.borrow(1_000);
        assert_eq!(loan.bytes, 10);
        assert_eq!(budget.lock().lent, 10);
        drop(loan);
        assert_eq!(budget.lock().lent, 0);
    }

    #[test]
    fn many_threads_never_hold_more_than_the_capacity() {
        let budget = Budget::new(100);
        let held = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..8u64 {
                let (budget, held) = (&budget, &held);
                scope.spawn(move || {
                    for turn in 0..200u64 {
                        let bytes = (thread * 31 + turn * 17) % 140;
                        let loan = budget.borrow(bytes);
                        let now = held.fetch_add(loan.bytes, Ordering::SeqCst) + loan.bytes;
                        assert!(now <= 100, "{now}");
                        held.fetch_sub(loan.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(budget.lock().lent, 0);
    }
}
