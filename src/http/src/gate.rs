//! A bounded queue in front of blocking work.
//!
//! `at_once` jobs run, `waiting` more stand in line, the next one is refused at once: a service
//! that says "busy" stays usable, one that queues without end does not. A job whose caller has
//! gone leaves the line without being started.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_web::web;
use seer_engine::Stop;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// See the module's description. Clones share the line.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    at_once: usize,
    running: Arc<Semaphore>,
    in_line: Arc<AtomicUsize>,
    waiting: usize,
    patience: Duration,
}

/// Why a job gave no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As many wait already as may wait.
    Full,
    /// It took longer than the patience, waiting and running together. A started job still ends
    /// and keeps its place until then.
    TooSlow,
    /// It panicked.
    Broken,
}

/// A caller who waits for a result; sets the flag on leaving, in any way.
struct Caller(Stop);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// One caller standing in line; leaving it, in any way, makes room.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Gate {
    /// A gate that lets `at_once` (at least 1) jobs run and `waiting` more stand in line.
    pub(crate) fn new(at_once: usize, waiting: usize, patience: Duration) -> Self {
        Self {
            at_once: at_once.max(1),
            running: Arc::new(Semaphore::new(at_once.max(1))),
            in_line: Arc::new(AtomicUsize::new(0)),
            waiting,
            patience,
        }
    }

    /// Runs `job` on a thread for blocking work when its turn comes.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        self.run_until_left(|_| job()).await
    }

    /// The same for a job that looks at a flag, which is set when its caller has gone or has lost
    /// patience.
    pub(crate) async fn run_until_left<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let caller = Caller(Stop::new());
        let stop = caller.0.clone();
        let turn = async {
            let permit = self.enter().await?;
            let held = move || {
                let result = job(&stop);
                drop(permit);
                result
            };
            web::block(held).await.map_err(|_| Refused::Broken)
        };
        timeout(self.patience, turn).await.unwrap_or(Err(Refused::TooSlow))
    }

    /// Waits for a free place among the running ones.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit, Refused> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = self.stand_in_line()?;
        Arc::clone(&self.running).acquire_owned().await.map_err(|_| Refused::Broken)
    }

    fn stand_in_line(&self) -> Result<Place, Refused> {
        let take = |count: usize| (count < self.waiting).then_some(count + 1);
        self.in_line
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, take)
            .map(|_| Place(Arc::clone(&self.in_line)))
            .map_err(|_| Refused::Full)
    }

    /// How many jobs run now.
    pub(crate) fn running(&self) -> usize {
        self.at_once.saturating_sub(self.running.available_permits())
    }

    /// How many stand in line now.
    pub(crate) fn in_line(&self) -> usize {
        self.in_line.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[actix_web::test]
    async fn a_job_gives_its_result() {
        assert_eq!(Gate::new(1, 0, LONG).run(|| 6 * 7).await, Ok(42));
    }

    #[actix_web::test]
    async fn one_more_than_may_wait_is_refused() {
        let gate = Gate::new(1, 1, LONG);
        let held = gate.enter().await.unwrap();
        let waiting = actix_web::rt::spawn({
            let gate = gate.clone();
            async move { gate.run(|| "served").await }
        });
        while gate.in_line() == 0 {
            actix_web::rt::task::yield_now().await;
        }
        assert_eq!(gate.run(|| "refused").await, Err(Refused::Full));
        drop(held);
        assert_eq!(waiting.await.unwrap(), Ok("served"));
        assert_eq!(gate.run(|| "again").await, Ok("again"));
    }

    #[actix_web::test]
    async fn a_caller_who_leaves_gives_the_place_back() {
        let gate = Gate::new(1, 1, LONG);
        let held = gate.enter().await.unwrap();
        let left = timeout(Duration::from_millis(1), gate.run(|| unreachable!())).await;
        assert!(left.is_err());
        assert_eq!(gate.in_line(), 0);
        drop(held);
        assert_eq!(gate.run(|| 1).await, Ok(1));
    }

    #[actix_web::test]
    async fn patience_ends() {
        let gate = Gate::new(1, 1, Duration::from_millis(1));
        let _held = gate.enter().await.unwrap();
        assert_eq!(gate.run(|| 1).await, Err(Refused::TooSlow));
    }

    #[actix_web::test]
    async fn a_job_hears_that_its_caller_lost_patience() {
        let gate = Gate::new(1, 0, Duration::from_millis(1));
        let (heard, hears) = std::sync::mpsc::channel();
        let job = move |stop: &Stop| {
            while !stop.is_stopped() {
                std::thread::yield_now();
            }
            heard.send(()).unwrap();
        };
        assert_eq!(gate.run_until_left(job).await, Err(Refused::TooSlow));
        hears.recv().unwrap();
    }

    #[actix_web::test]
    async fn a_panic_stays_inside() {
        let gate = Gate::new(1, 0, LONG);
        assert_eq!(gate.run(|| -> () { panic!("on purpose") }).await, Err(Refused::Broken));
        assert_eq!(gate.run(|| 1).await, Ok(1));
    }
}
