//! What threads are made of. `src/kernels/tests/hand_over.rs` puts a model checker's parts in their
//! place, so nothing of the hand-over takes them from elsewhere.

pub(super) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
pub(super) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
pub(super) use std::thread::{Builder, Thread, current, park};
use std::time::{Duration, Instant};

/// How long a thread watches for what it waits for before it sleeps: longer than a loop's last piece
/// of work takes.
pub(super) const WATCH: Duration = Duration::from_millis(1);
/// How much of that it keeps its core to itself; then it lets others go first.
const ALONE: Duration = Duration::from_micros(30);

/// Returns as soon as `seen`, or after a while.
pub(super) fn watch(mut seen: impl FnMut() -> bool) {
    let start = Instant::now();
    loop {
        for _ in 0..20 {
            if seen() {
                return;
            }
            std::hint::spin_loop();
        }
        let passed = start.elapsed();
        if passed > WATCH {
            return;
        }
        if passed > ALONE {
            std::thread::yield_now();
        }
    }
}
