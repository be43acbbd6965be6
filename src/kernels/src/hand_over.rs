//! Handing a job that is borrowed from its caller to other threads, and back.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::PoisonError;

use super::sync::{AtomicBool, AtomicUsize, Builder, Condvar, Mutex, MutexGuard, Ordering, watch};
use super::wake::Sleeper;

type Job = &'static (dyn Fn() + Sync);

/// Threads that help with one job at a time.
pub(super) struct Team {
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
    /// Nobody yet: helpers are hired as they are needed, and stay.
    pub(super) const fn new() -> Self {
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
    ///
    /// # Panics
    /// When the job does, after all threads have left it.
    pub(super) fn run(&'static self, threads: usize, job: &(dyn Fn() + Sync)) {
        if threads <= 1 || self.busy.swap(true, Ordering::Acquire) {
            return job();
        }
        // Between lending the job and having it back nothing can unwind: what panics in there is
        // caught, and taking back that failed would end the program.
        let lent = Lent;
        // SAFETY: no helper has the job after this function: none can begin once `withdraw` has
        // taken it back, which also waits for those that have begun.
        let lasting = unsafe { std::mem::transmute::<&(dyn Fn() + Sync), Job>(job) };
        let own = catch_unwind(AssertUnwindSafe(|| {
            self.post(threads - 1, lasting);
            job();
        }));
        let helpers = self.withdraw();
        std::mem::forget(lent);
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
        let thread = Builder::new().name("seer-kernels".to_owned());
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
        let earlier = done.err().and_then(|panic| post.panic.replace(panic));
        let last = self.at_work.fetch_sub(1, Ordering::Release) == 1;
        if last && post.caller_sleeps {
            self.all_done.notify_one();
        }
        drop(post);
        // Only now: what somebody panicked with may panic when it is dropped.
        drop(earlier);
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

/// Nothing that holds one of these locks leaves something half done when it panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait<'a, T>(condition: &Condvar, held: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition.wait(held).unwrap_or_else(PoisonError::into_inner)
}

/// Ends the program when it is dropped: a job is lent out, and its owner must not go.
struct Lent;

impl Drop for Lent {
    fn drop(&mut self) {
        std::process::abort();
    }
}

impl Team {
    /// Helpers that there are, and those of them that sleep.
    #[cfg(test)]
    pub(super) fn helpers(&self) -> (usize, usize) {
        let post = lock(&self.post);
        (post.helpers, post.sleepers.len())
    }
}
