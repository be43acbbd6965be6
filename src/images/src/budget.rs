//! One budget of memory for all pictures of the process.
//!
//! Whoever reads a picture file or decodes one takes the bytes from here first, waits in line when
//! others have them, and is refused when there are never as many. It has two parts, one for files
//! and one for pixels: a file is held while its pixels are waited for, so that with one part alone
//! two readers could wait for each other for ever.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use crate::{ImageError, Stop};

/// Bytes of picture files that are held at the same time, in the whole process: 256 MiB.
pub const FILE_MEMORY: u64 = 256 << 20;

/// Bytes that decoding takes at the same time, in the whole process: 416 MiB.
///
/// With [`FILE_MEMORY`], a model and an index it keeps the process below 1 GiB.
pub const PIXEL_MEMORY: u64 = 416 << 20;

/// How long a waiting thread sleeps between two looks at its [`Stop`].
const NAP: Duration = Duration::from_millis(20);

static FILES: LazyLock<MemoryBudget> = LazyLock::new(|| MemoryBudget::new(FILE_MEMORY));
static PIXELS: LazyLock<MemoryBudget> = LazyLock::new(|| MemoryBudget::new(PIXEL_MEMORY));

/// At most `capacity` bytes are lent at any time, in the order of asking, so that a large wish is
/// not overtaken for ever by small ones. Clones share the budget.
#[derive(Clone, Debug)]
pub struct MemoryBudget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    capacity: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lent: u64,
    next_ticket: u64,
    /// Tickets of those who wait, first come first.
    line: VecDeque<u64>,
}

/// Bytes lent until dropped.
#[derive(Debug, Default)]
pub struct Permit {
    budget: Option<MemoryBudget>,
    bytes: u64,
}

impl MemoryBudget {
    /// A budget of `capacity` bytes.
    pub fn new(capacity: u64) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Shared { capacity, state, changed }))
    }

    /// The process's budget for the bytes of picture files: [`FILE_MEMORY`].
    pub fn files() -> &'static Self {
        &FILES
    }

    /// The process's budget for decoding: [`PIXEL_MEMORY`].
    pub fn pixels() -> &'static Self {
        &PIXELS
    }

    /// Most bytes that can ever be lent.
    pub fn capacity(&self) -> u64 {
        self.0.capacity
    }

    /// Bytes that are lent now.
    pub fn lent(&self) -> u64 {
        self.lock().lent
    }

    /// Waits until `bytes` are free and it is this caller's turn.
    ///
    /// # Errors
    /// `TooLarge` for more than the capacity, with both figures; `Stopped` while waiting.
    pub fn take(&self, bytes: u64, stop: &Stop) -> Result<Permit, ImageError> {
        if bytes > self.capacity() {
            return Err(ImageError::too_much_memory(bytes, self.capacity()));
        }
        let mut state = self.lock();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.line.push_back(ticket);
        while state.line.front() != Some(&ticket) || state.lent + bytes > self.capacity() {
            if stop.is_stopped() {
                state.line.retain(|waiting| *waiting != ticket);
                drop(state);
                self.0.changed.notify_all();
                return Err(ImageError::Stopped);
            }
            let waited = self.0.changed.wait_timeout(state, NAP);
            state = waited.unwrap_or_else(|e| e.into_inner()).0;
        }
        state.line.pop_front();
        state.lent += bytes;
        drop(state);
        self.0.changed.notify_all();
        Ok(Permit { budget: Some(self.clone()), bytes })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn give_back(&self, bytes: u64) {
        self.lock().lent -= bytes;
        self.0.changed.notify_all();
    }
}

impl Permit {
    /// How many bytes it stands for.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Gives back what is above `bytes`.
    pub fn shrink_to(&mut self, bytes: u64) {
        let spare = self.bytes.saturating_sub(bytes);
        self.bytes -= spare;
        if let Some(budget) = self.budget.as_ref().filter(|_| spare > 0) {
            budget.give_back(spare);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn more_than_the_capacity_is_refused_with_both_figures() {
        let budget = MemoryBudget::new(10 << 20);
        let error = budget.take(30 << 20, &Stop::new()).unwrap_err().to_string();
        assert!(error.contains("30 MiB") && error.contains("10 MiB"), "{error}");
        assert_eq!(budget.lent(), 0);
    }

    #[test]
    fn what_is_dropped_or_shrunk_comes_back() {
        let budget = MemoryBudget::new(10);
        let mut permit = budget.take(10, &Stop::new()).unwrap();
        permit.shrink_to(4);
        permit.shrink_to(7);
        assert_eq!((permit.bytes(), budget.lent()), (4, 4));
        drop(permit);
        assert_eq!(budget.lent(), 0);
    }

    #[test]
    fn many_threads_never_hold_more_than_the_capacity() {
        let budget = MemoryBudget::new(100);
        let held = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..8u64 {
                let (budget, held) = (&budget, &held);
                scope.spawn(move || {
                    for turn in 0..200u64 {
                        let bytes = (thread * 31 + turn * 17) % 101;
                        let permit = budget.take(bytes, &Stop::new()).unwrap();
                        let now = held.fetch_add(bytes, Ordering::SeqCst) + bytes;
                        assert!(now <= 100, "{now}");
                        held.fetch_sub(bytes, Ordering::SeqCst);
                        drop(permit);
                    }
                });
            }
        });
        assert_eq!(budget.lent(), 0);
    }

    #[test]
    fn one_who_is_stopped_leaves_the_line_to_the_next() {
        let budget = MemoryBudget::new(10);
        let held = budget.take(6, &Stop::new()).unwrap();
        let stop = Stop::new();
        std::thread::scope(|scope| {
            let large = scope.spawn(|| budget.take(10, &stop).map(|_| ()));
            while budget.lock().line.is_empty() {
                std::thread::yield_now();
            }
            let small = scope.spawn(|| budget.take(4, &Stop::new()).map(|permit| permit.bytes()));
            stop.stop();
            assert_eq!(large.join().unwrap(), Err(ImageError::Stopped));
            assert_eq!(small.join().unwrap(), Ok(4));
        });
        drop(held);
    }
}
