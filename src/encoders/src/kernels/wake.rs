//! Waking a thread on another processor than one's own.
//!
//! Linux often wakes a thread on the processor of the one that wakes it, in a virtual machine nearly
//! always (an idle processor counts there as one that the host has given to others), and may leave
//! both there for ten milliseconds, as long as a whole model takes. So a thread that sleeps here is
//! barred from the processor of the one that wakes it until it is awake. Other systems decide alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;

use place::Place;

/// A thread that is about to sleep, once.
#[derive(Clone)]
pub(super) struct Sleeper {
    thread: Thread,
    place: Place,
    woken: Arc<AtomicBool>,
}

impl Sleeper {
    pub fn this_thread() -> Self {
        Self {
            thread: std::thread::current(),
            place: Place::of_this_thread(),
            woken: Arc::default(),
        }
    }

    /// Returns, in the thread that this is, when somebody has called `wake`.
    pub fn sleep(self) {
        while !self.woken.load(Ordering::Acquire) {
            std::thread::park();
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

#[cfg(target_os = "linux")]
mod place {
    use rustix::thread::{CpuSet, Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// The processors that a thread may run on. What the system refuses is left as it is: a thread
    /// does the same anywhere.
    #[derive(Clone)]
    pub struct Place {
        thread: Pid,
        allowed: CpuSet,
    }

    impl Place {
        pub fn of_this_thread() -> Self {
            let allowed = sched_getaffinity(None).unwrap_or_default();
            Self { thread: gettid(), allowed }
        }

        /// Bars the thread from the processor that the caller is on, unless there is no other.
        pub fn bar_this_processor(&self) {
            let mut others = self.allowed;
            others.unset(sched_getcpu());
            if others.count() > 0 {
                let _ = sched_setaffinity(Some(self.thread), &others);
            }
        }

        /// Lets this thread, whose place this is, run on all processors it might before.
        pub fn open(&self) {
            if self.allowed.count() > 1 {
                let _ = sched_setaffinity(None, &self.allowed);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_thread_is_barred_until_it_opens_its_place() {
            let (tell, told) = std::sync::mpsc::channel();
            let (go, gone) = std::sync::mpsc::channel::<()>();
            let thread = std::thread::spawn(move || {
                let place = Place::of_this_thread();
                tell.send(place.clone()).expect("the test listens");
                gone.recv().expect("the test says when");
                place.open();
                sched_getaffinity(None).expect("Linux says")
            });
            let place = told.recv().expect("the thread tells");
            place.bar_this_processor();
            let barred = sched_getaffinity(Some(place.thread)).expect("Linux says");
            let missing = (0..CpuSet::MAX_CPU)
                .filter(|&cpu| place.allowed.is_set(cpu) != barred.is_set(cpu))
                .count();
            assert_eq!(missing, usize::from(place.allowed.count() > 1));
            go.send(()).expect("the thread listens");
            assert_eq!(thread.join().expect("no panic"), place.allowed);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod place {
    #[derive(Clone)]
    pub struct Place;

    impl Place {
        pub fn of_this_thread() -> Self {
            Self
        }

        pub fn bar_this_processor(&self) {}

        pub fn open(&self) {}
    }
}
