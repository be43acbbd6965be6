//! The server's indexing run: in the background, one at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use seer_engine::Library;
use seer_http::IndexControl;
use seer_indexer::{Cancel, IndexOptions};
use seer_types::{IndexEvent, IndexPhase, IndexProgress, IndexSummary};

use crate::notices;
use crate::text::printable;

/// Runs the indexer for `seer serve`.
pub struct IndexJob {
    library: Arc<Library>,
    excludes: Vec<String>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    progress: IndexProgress,
    last: Option<IndexSummary>,
    cancel: Cancel,
    thread: Option<JoinHandle<()>>,
}

impl IndexJob {
    pub fn new(library: Arc<Library>, excludes: Vec<String>) -> Self {
        Self { library, excludes, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Stops the run, if any, and waits until what it finished is saved.
    pub fn finish(&self) {
        self.cancel();
        let thread = self.state().thread.take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|e| e.into_inner())
}

impl IndexControl for IndexJob {
    fn start(&self, folders: Vec<PathBuf>, prune: bool) -> Result<(), String> {
        let mut state = self.state();
        if state.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return Err("an indexing run is going on; wait for it or cancel it first".into());
        }
        let cancel = Cancel::default();
        let options = IndexOptions { excludes: self.excludes.clone(), prune, ..Default::default() };
        let library = Arc::clone(&self.library);
        let shared = Arc::clone(&self.state);
        let stop = cancel.clone();
        let run = move || {
            let events = |event: IndexEvent| follow(&shared, event);
            if let Err(error) = seer_indexer::run(&library, &folders, &options, &stop, &events) {
                notices::line(&format!("seer: indexing stopped: {error}"));
            }
            lock(&shared).progress.phase = IndexPhase::Idle;
        };
        let thread = std::thread::Builder::new().name("index".into()).spawn(run);
        state.thread = Some(thread.map_err(|error| format!("cannot start indexing: {error}"))?);
        state.progress = IndexProgress { phase: IndexPhase::Scanning, ..Default::default() };
        state.cancel = cancel;
        Ok(())
    }

    fn progress(&self) -> IndexProgress {
        self.state().progress
    }

    fn last(&self) -> Option<IndexSummary> {
        self.state().last.clone()
    }

    fn cancel(&self) {
        self.state().cancel.cancel();
    }
}

fn follow(state: &Mutex<State>, event: IndexEvent) {
    match event {
        IndexEvent::Progress(progress) => lock(state).progress = progress,
        IndexEvent::Finished(summary) => {
            log::info!("{}", crate::progress::finished(&summary));
            lock(state).last = Some(summary);
        }
        IndexEvent::Notice { message } => log::warn!("{}", printable(&message)),
        IndexEvent::Failed { path, reason } => {
            log::info!("not indexed: {}: {}", printable(&path.to_text()), printable(&reason));
        }
        IndexEvent::Planned(_) => {}
    }
}
