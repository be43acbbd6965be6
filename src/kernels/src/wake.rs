//! Waking a thread on another processor than one's own.
//!
//! Linux often wakes a thread on the processor of the one that wakes it, in a virtual machine nearly
//! always (an idle processor counts there as one that the host has given to others), and may leave
//! both there for ten milliseconds, as long as a whole model takes. So a thread that sleeps here is
//! barred from the processor of the one that wakes it until it is awake. Other systems decide alone.

use super::place::Place;
use super::sync::{Arc, AtomicBool, Ordering, Thread, current, park};

/// A thread that is about to sleep, once.
#[derive(Clone)]
pub(super) struct Sleeper {
    thread: Thread,
    place: Place,
    woken: Arc<AtomicBool>,
}

impl Sleeper {
    pub fn this_thread() -> Self {
        Self { thread: current(), place: Place::of_this_thread(), woken: Arc::default() }
    }

    /// Returns, in the thread that this is, when somebody has called `wake`.
    pub fn sleep(self) {
        while !self.woken.load(Ordering::Acquire) {
            park();
        }
        self.place.open();
    }

    pub fn wake(self) {
        // Before it can be awake, or it would stay barred.
        self.place.bar_this_processor();
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}
