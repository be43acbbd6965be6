//! The processors that a thread may run on, on Linux.

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
        if let Some(others) = without(self.allowed, sched_getcpu()) {
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

/// All but one of these processors, unless that is none. `CpuSet` knows the first 1,024 and
/// panics on others; these are in no set.
fn without(mut all: CpuSet, processor: usize) -> Option<CpuSet> {
    if processor < CpuSet::MAX_CPU {
        all.unset(processor);
    }
    (all.count() > 0).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_processor_can_be_barred() {
        let mut two = CpuSet::new();
        two.set(3);
        two.set(1023);
        let left = |processor| without(two, processor).map(|set| set.count());
        assert_eq!([3, 1023, 5].map(left), [Some(1), Some(1), Some(2)]);
        assert_eq!([1024, 4096, usize::MAX].map(left), [Some(2); 3]);
        assert!(without(CpuSet::new(), 1024).is_none(), "nothing is left");
    }

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
