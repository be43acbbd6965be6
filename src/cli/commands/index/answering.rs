//! While `seer index` has the library to itself, it answers the other commands, as a server does.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use seer_engine::{Library, SpaceEntry};
use seer_http::{IndexControl, IndexOrder, RunState, ServeOptions, Shutdown};
use seer_indexer::Cancel;
use seer_types::{IndexPhase, IndexProgress};

use crate::args::Shared as Options;
use crate::choice;

const ONE_RUN: &str =
    "\"seer index\" is running on this library; wait for its end, or stop it first";

/// The run of this process, for whoever asks about it.
pub struct OwnRun {
    progress: Mutex<IndexProgress>,
    cancel: Cancel,
    options: Options,
}

impl OwnRun {
    pub fn new(cancel: Cancel, options: Options) -> Arc<Self> {
        let begun = IndexProgress { phase: IndexPhase::Scanning, ..Default::default() };
        Arc::new(Self { progress: Mutex::new(begun), cancel, options })
    }

    /// How far it is now.
    pub fn is_at(&self, progress: &IndexProgress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = *progress;
    }
}

impl IndexControl for OwnRun {
    fn start(&self, _: IndexOrder) -> Result<u64, String> {
        Err(ONE_RUN.to_owned())
    }

    fn use_model(&self, _: &SpaceEntry) -> Result<(), String> {
        Err(ONE_RUN.to_owned())
    }

    fn has_model(&self, name: &str) -> bool {
        choice::is_here(name, &self.options)
    }

    fn state(&self) -> RunState {
        let progress = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        RunState { run: 1, progress, last: None }
    }

    fn cancel(&self) {
        self.cancel.cancel();
    }
}

/// A server for the user's own commands, on a port of loopback that is free. It ends when this is dropped.
pub struct Answering {
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

impl Answering {
    /// Answers for `library` from now on. Where that cannot be, the run goes on without.
    pub fn start(library: &Arc<Library>, run: Arc<OwnRun>) -> Self {
        let shutdown = Shutdown::new();
        let (library, stop) = (Arc::clone(library), shutdown.clone());
        let serve = move || {
            let options =
                ServeOptions { address: ([127, 0, 0, 1], 0).into(), ..Default::default() };
            if let Err(error) = seer_http::serve(library, run, options, |_| {}, stop) {
                log::info!("other commands have to wait for the end of this run: {error}");
            }
        };
        let thread = std::thread::Builder::new().name("answers".into()).spawn(serve);
        Self { shutdown, thread: thread.ok() }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.shutdown.stop();
        if let Some(thread) = self.thread.take() {
            // A panic in it was told already; the run itself is not concerned.
            let _ = thread.join();
        }
    }
}
