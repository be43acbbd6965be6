//! The server's indexing run: in the background, one at a time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use seer_engine::{Fault, Library};
use seer_http::{EndedRun, IndexControl, RunEnd, RunState};
use seer_indexer::{Cancel, IndexError, IndexOptions};
use seer_types::{IndexEvent, IndexPhase, IndexProgress, IndexSummary};

use crate::notices;
use crate::text::printable;

/// What a run is asked to do.
struct Order {
    folders: Vec<PathBuf>,
    prune: bool,
}

/// One run from beginning to end.
type Run = dyn Fn(&Order, &Cancel, &(dyn Fn(IndexEvent) + Sync)) -> Result<IndexSummary, IndexError>
    + Send
    + Sync;

/// Runs the indexer for `seer serve`.
pub struct IndexJob {
    run: Arc<Run>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    state: RunState,
    cancel: Cancel,
    thread: Option<JoinHandle<()>>,
}

impl IndexJob {
    /// Runs over `library`; `excludes` are those of every run.
    pub fn new(library: Arc<Library>, excludes: Vec<String>) -> Self {
        Self::over(Arc::new(move |order, cancel, events| {
            let options = IndexOptions {
                excludes: excludes.clone(),
                prune: order.prune,
                ..Default::default()
            };
            seer_indexer::run(&library, &order.folders, &options, cancel, &events)
        }))
    }

    fn over(run: Arc<Run>) -> Self {
        Self { run, shared: Arc::default() }
    }

    /// Stops the run, if any, and waits until what it finished is saved.
    pub fn finish(&self) {
        self.cancel();
        let thread = lock(&self.shared).thread.take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(|e| e.into_inner())
}

impl IndexControl for IndexJob {
    fn start(&self, folders: Vec<PathBuf>, prune: bool) -> Result<u64, String> {
        let mut shared = lock(&self.shared);
        if shared.state.progress.phase != IndexPhase::Idle {
            return Err("an indexing run is going on; wait for it or cancel it first".into());
        }
        let number = shared.state.run + 1;
        let cancel = Cancel::default();
        let work = {
            let (run, own, cancel) = (self.run.clone(), self.shared.clone(), cancel.clone());
            move || {
                let end = to_its_end(&*run, &Order { folders, prune }, &own, &cancel);
                let mut shared = lock(&own);
                shared.state.last = Some(EndedRun { run: number, end });
                shared.state.progress.phase = IndexPhase::Idle;
            }
        };
        let thread = std::thread::Builder::new().name("index".into()).spawn(work);
        shared.thread = Some(thread.map_err(|error| format!("cannot start indexing: {error}"))?);
        shared.state.run = number;
        shared.state.progress = IndexProgress { phase: IndexPhase::Scanning, ..Default::default() };
        shared.cancel = cancel;
        Ok(number)
    }

    fn state(&self) -> RunState {
        lock(&self.shared).state.clone()
    }

    fn cancel(&self) {
        lock(&self.shared).cancel.cancel();
    }
}

/// The run's result, also when it panics: whoever waits for it hears of an end.
fn to_its_end(run: &Run, order: &Order, shared: &Mutex<Shared>, cancel: &Cancel) -> RunEnd {
    let events = |event: IndexEvent| follow(shared, event);
    let (reason, fault) = match catch_unwind(AssertUnwindSafe(|| run(order, cancel, &events))) {
        Ok(Ok(summary)) => return RunEnd::Finished(summary),
        Ok(Err(error)) => (error.to_string(), error.fault()),
        Err(panic) => (stopped_unexpectedly(&*panic), Fault::Bug),
    };
    notices::line(&format!("seer: indexing stopped: {reason}"));
    RunEnd::Failed { reason, fault }
}

fn stopped_unexpectedly(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    format!(
        "a defect in seer ({text}); what was indexed until then is kept\nnext: run it again, and report it if it happens again"
    )
}

fn follow(shared: &Mutex<Shared>, event: IndexEvent) {
    match event {
        IndexEvent::Progress(progress) => lock(shared).state.progress = progress,
        IndexEvent::Finished(summary) => log::info!("{}", crate::progress::finished(&summary)),
        IndexEvent::Notice { message } => log::warn!("{}", printable(&message)),
        IndexEvent::Failed { path, reason } => {
            log::info!("not indexed: {}: {}", printable(&path.to_text()), printable(&reason));
        }
        IndexEvent::Planned(_) => {}
    }
}

#[cfg(test)]
#[path = "index_job/tests.rs"]
mod tests;
