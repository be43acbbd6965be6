//! The hand-over of borrowed jobs (`src/kernels/src/hand_over.rs` and `wake.rs`) under a model
//! checker: the same code, with threads whose order of steps is drawn anew in every run. It finds
//! jobs that are begun or still run when their owner has gone, and wake-ups that are lost (all
//! threads wait).
//!
//! `SEER_MODEL_RUNS=100000 cargo test -p seer-kernels --release --test hand_over` tries more.
//! The checker gives every run one order of all memory accesses; orders that only weaker memory
//! allows are not tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use hand_over::Team;

#[path = "../src/hand_over.rs"]
mod hand_over;
#[path = "../src/wake.rs"]
mod wake;

/// What `src/kernels/src/sync.rs` has, from the checker, and an end for helpers, which have none: the
/// checker wants to see every thread end.
mod sync {
    use std::cell::{Cell, RefCell};
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    pub(super) use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub(super) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
    pub(super) use shuttle::thread::{Thread, current};

    thread_local! {
        /// Whether the scenario is at its end. All threads of one run are one thread of the system.
        static ENDED: Cell<bool> = const { Cell::new(false) };
        static PARKED: RefCell<Vec<Thread>> = const { RefCell::new(Vec::new()) };
    }

    /// Looks once: the checker tries both that it is in time and that it is not.
    pub(super) fn watch(mut seen: impl FnMut() -> bool) {
        seen();
    }

    pub(super) fn park() {
        PARKED.with_borrow_mut(|all| all.push(current()));
        if !ENDED.get() {
            shuttle::thread::park();
        }
        if ENDED.get() {
            resume_unwind(Box::new("the end"));
        }
    }

    pub(super) struct Builder(shuttle::thread::Builder);

    impl Builder {
        pub(super) fn new() -> Self {
            Self(shuttle::thread::Builder::new())
        }

        pub(super) fn name(self, name: String) -> Self {
            Self(self.0.name(name))
        }

        pub(super) fn spawn(self, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
            let until_the_end = || drop(catch_unwind(AssertUnwindSafe(work)));
            self.0.spawn(until_the_end).map(drop)
        }
    }

    pub(super) fn begin() {
        ENDED.set(false);
        PARKED.take();
    }

    /// Sends all helpers home.
    pub(super) fn end() {
        ENDED.set(true);
        PARKED.take().iter().for_each(Thread::unpark);
    }
}

/// Processors play no part, but what asks for them might panic.
mod place {
    use std::cell::Cell;

    thread_local! {
        pub(super) static BROKEN: Cell<bool> = const { Cell::new(false) };
    }

    #[derive(Clone)]
    pub(super) struct Place;

    impl Place {
        pub(super) fn of_this_thread() -> Self {
            Self
        }

        pub(super) fn bar_this_processor(&self) {
            if BROKEN.get() {
                std::panic::resume_unwind(Box::new("no such processor"));
            }
        }

        pub(super) fn open(&self) {}
    }
}

/// A job that stays readable, so that whoever comes too late is seen and does no harm.
#[derive(Default)]
struct Loan {
    pieces: AtomicUsize,
    done: AtomicUsize,
    over: AtomicBool,
    late: AtomicUsize,
}

impl Loan {
    fn new(pieces: usize) -> &'static Self {
        Box::leak(Box::new(Self { pieces: pieces.into(), ..Self::default() }))
    }

    /// Takes pieces until there are none, and lets others go first before each step.
    fn work(&self) {
        loop {
            self.late.fetch_add(self.over.load(SeqCst).into(), SeqCst);
            shuttle::thread::yield_now();
            if self.pieces.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_err() {
                break;
            }
            shuttle::thread::yield_now();
            self.done.fetch_add(1, SeqCst);
        }
        self.late.fetch_add(self.over.load(SeqCst).into(), SeqCst);
    }
}

fn team() -> &'static Team {
    Box::leak(Box::new(Team::new()))
}

/// Has all pieces done on up to `threads` threads.
fn lend(team: &'static Team, threads: usize, pieces: usize) -> &'static Loan {
    let loan = Loan::new(pieces);
    team.run(threads, Box::leak(Box::new(|| loan.work())));
    loan.over.store(true, SeqCst);
    assert_eq!(loan.done.load(SeqCst), pieces, "every piece once, and none after the end");
    loan
}

/// Helpers that are on their way somewhere get there.
fn let_others_go_first() {
    (0..30).for_each(|_| shuttle::thread::yield_now());
}

/// In many orders: drawn evenly, and with few changes of the thread at the worst moments.
fn in_many_orders(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    let scenario = move || {
        place::BROKEN.set(false);
        sync::begin();
        scenario();
        sync::end();
    };
    let runs =
        std::env::var("SEER_MODEL_RUNS").map_or(1500, |runs| runs.parse().expect("a number"));
    shuttle::check_random(scenario, runs);
    shuttle::check_pct(scenario, runs, 3);
}

#[test]
fn no_job_is_touched_when_its_owner_has_gone() {
    in_many_orders(|| {
        let team = team();
        let loans = [(2, 3), (3, 2), (2, 0), (3, 4)].map(|(threads, n)| lend(team, threads, n));
        let_others_go_first();
        assert!(loans.iter().all(|loan| loan.late.load(SeqCst) == 0), "begun or run too late");
        assert!(team.helpers().0 <= 2);
    });
}

#[test]
fn no_helper_misses_a_job() {
    in_many_orders(|| {
        let team = team();
        for threads in [2, 2, 3, 2, 3] {
            // Each waits for all others: a helper that sleeps on would stop them for ever.
            let meeting = shuttle::sync::Barrier::new(threads);
            team.run(threads, &|| {
                meeting.wait();
            });
        }
    });
}

#[test]
fn owners_at_once_have_one_team() {
    in_many_orders(|| {
        let team = team();
        let owners =
            [1, 2].map(|n| shuttle::thread::spawn(move || [lend(team, 2, n), lend(team, 3, n)]));
        let loans = owners.map(|owner| owner.join().expect("no panic"));
        let_others_go_first();
        assert!(loans.iter().flatten().all(|loan| loan.late.load(SeqCst) == 0));
    });
}

#[test]
fn a_panic_while_helpers_are_woken_leaves_no_job_behind() {
    in_many_orders(|| {
        let team = team();
        lend(team, 2, 1);
        let_others_go_first();
        place::BROKEN.set(true);
        // One helper is woken, unless it has not slept yet, and one is hired.
        let loan = Loan::new(3);
        let job = Box::leak(Box::new(|| loan.work()));
        let result = catch_unwind(AssertUnwindSafe(|| team.run(3, job)));
        loan.over.store(true, SeqCst);
        let_others_go_first();
        assert_eq!(loan.late.load(SeqCst), 0, "begun or run too late; {:?}", result.is_err());
    });
}
