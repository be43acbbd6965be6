//! Threads for the kernels' short loops.
//!
//! A model is hundreds of loops of ten to a hundred microseconds each, one right after the other,
//! and waking a thread that sleeps takes about as long as one of them. So the helpers here, as many
//! as rayon has threads besides the calling one, watch for the next loop for a moment before they
//! sleep, are woken where the caller is not ([`wake`](super::wake)), and nobody waits for a helper
//! that comes too late: the calling thread does all pieces that no other has taken. (rayon's threads
//! sleep sooner, and a caller from outside of its pool sleeps in every loop; micropool, which does
//! watch, ends the program on a panic.)

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::wake::Sleeper;

/// How long a thread watches for what it waits for before it sleeps: longer than a loop's last piece
/// of work takes.
const WATCH: Duration = Duration::from_millis(1);
/// How much of that it keeps its core to itself; then it lets others go first.
const ALONE: Duration = Duration::from_micros(30);

/// Gives every item to `work`, once, on this thread and on all helpers that are free.
///
/// # Panics
/// When `work` does, after all threads have stopped.
pub(crate) fn share<I>(items: I, work: impl Fn(I::Item) + Sync)
where
    I: Iterator<Item: Send> + Send,
{
    share_with(|| (), items, |(), item| work(item));
}

/// The same with something that each thread makes for itself before its first item.
pub(crate) fn share_with<I, S>(
    make: impl Fn() -> S + Sync,
    items: I,
    work: impl Fn(&mut S, I::Item) + Sync,
) where
    I: Iterator<Item: Send> + Send,
{
    let items = Mutex::new(items);
    let next = || lock(&items).next();
    TEAM.run(rayon::current_num_threads(), &|| {
        let mut own = None;
        while let Some(item) = next() {
            work(own.get_or_insert_with(&make), item);
        }
    });
}

static TEAM: Team = Team::new();

type Job = &'static (dyn Fn() + Sync);

struct Team {
    /// Whether somebody's job is being done.
    busy: AtomicBool,
    post: Mutex<Post>,
    /// Jobs posted so far: what a watching helper looks at.
    posted: AtomicUsize,
    /// Helpers at work on the job: what a watching caller looks at. Changed under `post`'s lock.
    at_work: AtomicUsize,
    all_done: Condvar,
}

/// What is to be done.
struct Post {
    /// The job while helpers may begin with it.
    job: Option<Job>,
    /// How many more may.
    places: usize,
    /// All there are.
    helpers: usize,
    sleepers: Vec<Sleeper>,
    caller_sleeps: bool,
    panic: Option<Box<dyn Any + Send>>,
}

impl Team {
    const fn new() -> Self {
        let post = Post {
            job: None,
            places: 0,
            helpers: 0,
            sleepers: Vec::new(),
            caller_sleeps: false,
            panic: None,
        };
        Self {
            busy: AtomicBool::new(false),
            post: Mutex::new(post),
            posted: AtomicUsize::new(0),
            at_work: AtomicUsize::new(0),
            all_done: Condvar::new(),
        }
    }

    /// Runs the job on this thread and, at the same time, on up to `threads - 1` helpers: on those
    /// that come before this thread is done with it. On this thread alone while another job, of
    /// which this may be a part, has the helpers.
    fn run(&'static self, threads: usize, job: &(dyn Fn() + Sync)) {
        if threads <= 1 || self.busy.swap(true, Ordering::Acquire) {
            return job();
        }
        // SAFETY: no helper has the job after this function: none can begin once `withdraw` has
        // taken it back, which also waits for those that have begun, and nothing in between can
        // unwind.
        let lasting = unsafe { std::mem::transmute::<&(dyn Fn() + Sync), Job>(job) };
        self.post(threads - 1, lasting);
        let own = catch_unwind(AssertUnwindSafe(job));
        let helpers = self.withdraw();
        self.busy.store(false, Ordering::Release);
        if let Err(panic) = own.and(helpers.map_or(Ok(()), Err)) {
            resume_unwind(panic);
        }
    }

    fn post(&'static self, places: usize, job: Job) {
        let mut post = lock(&self.post);
        while post.helpers < places && self.hire() {
            post.helpers += 1;
        }
        (post.job, post.places) = (Some(job), places);
        self.posted.fetch_add(1, Ordering::Release);
        let others = post.sleepers.len().saturating_sub(places);
        let woken = post.sleepers.split_off(others);
        drop(post);
        woken.into_iter().for_each(Sleeper::wake);
    }

    /// Takes the job back, waits for all who work on it, and returns what one of them panicked
    /// with.
    fn withdraw(&self) -> Option<Box<dyn Any + Send>> {
        let mut post = lock(&self.post);
        (post.job, post.places) = (None, 0);
        drop(post);
        watch(|| self.at_work.load(Ordering::Acquire) == 0);
        let mut post = lock(&self.post);
        while self.at_work.load(Ordering::Acquire) > 0 {
            post.caller_sleeps = true;
            post = wait(&self.all_done, post);
        }
        post.caller_sleeps = false;
        post.panic.take()
    }

    /// One helper more, if the system allows it.
    fn hire(&'static self) -> bool {
        let thread = std::thread::Builder::new().name("seer-kernels".to_owned());
        thread.spawn(|| self.help()).is_ok()
    }

    /// A helper's life.
    fn help(&self) {
        loop {
            match self.next_job() {
                Some(job) => self.work(job),
                None => self.sleep(),
            }
        }
    }

    /// Watches for a job that this thread is not too late for.
    fn next_job(&self) -> Option<Job> {
        let (mut job, mut seen) = (None, None);
        watch(|| {
            let posted = Some(self.posted.load(Ordering::Acquire));
            if posted != seen {
                seen = posted;
                job = self.take();
            }
            job.is_some()
        });
        job
    }

    fn take(&self) -> Option<Job> {
        let mut post = lock(&self.post);
        post.places = post.places.checked_sub(1)?;
        self.at_work.fetch_add(1, Ordering::Release);
        post.job
    }

    fn work(&self, job: Job) {
        let done = catch_unwind(AssertUnwindSafe(job));
        let mut post = lock(&self.post);
        if let Err(panic) = done {
            post.panic = Some(panic);
        }
        let last = self.at_work.fetch_sub(1, Ordering::Release) == 1;
        if last && post.caller_sleeps {
            self.all_done.notify_one();
        }
    }

    /// Until there is a job.
    fn sleep(&self) {
        let sleeper = Sleeper::this_thread();
        let mut post = lock(&self.post);
        if post.places > 0 {
            return;
        }
        post.sleepers.push(sleeper.clone());
        drop(post);
        sleeper.sleep();
    }
}

/// Returns as soon as `seen`, or after a while.
fn watch(mut seen: impl FnMut() -> bool) {
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

/// Nothing that holds one of these locks leaves something half done when it panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait<'a, T>(condition: &Condvar, held: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition.wait(held).unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums 1 to `count`, piece by piece, on `threads` threads of a team of its own.
    fn sum(team: &'static Team, threads: usize, count: usize) -> usize {
        let (items, sum) = (Mutex::new(1..=count), AtomicUsize::new(0));
        team.run(threads, &|| {
            while let Some(item) = lock(&items).next() {
                sum.fetch_add(item, Ordering::Relaxed);
            }
        });
        sum.into_inner()
    }

    fn team() -> &'static Team {
        Box::leak(Box::new(Team::new()))
    }

    #[test]
    fn every_item_comes_once() {
        let mut values = vec![0; 1000];
        share(values.chunks_mut(7).enumerate(), |(number, piece)| {
            piece.iter_mut().for_each(|value| *value += number);
        });
        assert!(values.iter().enumerate().all(|(i, value)| *value == i / 7));
        share_with(Vec::new, values.iter_mut(), |own: &mut Vec<()>, value| {
            own.push(());
            *value = own.len();
        });
        assert!(values.iter().all(|value| *value > 0));
    }

    #[test]
    fn many_jobs_with_and_without_sleep_between_them() {
        let team = team();
        for round in 0..20_000 {
            assert_eq!(sum(team, 1 + round % 5, 20), 210);
            if round % 1000 == 0 {
                std::thread::sleep(2 * WATCH);
            }
        }
        assert_eq!(lock(&team.post).helpers, 4);
    }

    #[test]
    fn callers_at_once_and_jobs_within_jobs() {
        let team = team();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..2000).for_each(|_| assert_eq!(sum(team, 3, 20), 210)));
            }
        });
        let inner = AtomicUsize::new(0);
        let runs = AtomicUsize::new(0);
        team.run(3, &|| {
            runs.fetch_add(1, Ordering::Relaxed);
            inner.fetch_add(sum(team, 3, 20), Ordering::Relaxed);
        });
        assert_eq!(inner.into_inner(), 210 * runs.into_inner());
    }

    #[test]
    fn helpers_really_help() {
        let team = team();
        // Each waits for the other: one thread alone would never end.
        let meeting = std::sync::Barrier::new(3);
        team.run(3, &|| {
            meeting.wait();
        });
    }

    #[test]
    fn a_panic_anywhere_comes_out_and_the_team_lives_on() {
        let team = team();
        let caller = std::thread::current().id();
        for by_caller in [true, false] {
            let meeting = std::sync::Barrier::new(2);
            let result = catch_unwind(|| {
                team.run(2, &|| {
                    meeting.wait();
                    assert!((std::thread::current().id() == caller) != by_caller, "as planned");
                });
            });
            let panic = result.expect_err("a panic");
            assert!(panic.downcast_ref::<&str>().is_some_and(|text| *text == "as planned"));
            assert_eq!(sum(team, 2, 100), 5050);
        }
    }

    #[test]
    fn idle_helpers_sleep() {
        let team = team();
        sum(team, 3, 10);
        let end = Instant::now() + Duration::from_secs(20);
        while lock(&team.post).sleepers.len() < 2 {
            assert!(Instant::now() < end, "helpers still awake");
            std::thread::sleep(WATCH);
        }
    }
}
