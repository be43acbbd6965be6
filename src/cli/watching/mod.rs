//! Watching: while a server runs, what changes in watched folders is indexed by itself.
//!
//! One thread looks around a few times a second ([`keeper::Keeper`]) and starts small runs when no other
//! run goes on.

mod board;
mod due;
mod keeper;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use seer_engine::Library;

use crate::index_job::IndexJob;
pub use board::Board;
pub use due::Pace;
use keeper::Keeper;

/// How often the thread looks around.
const TURN: Duration = Duration::from_millis(200);

/// The watching thread; it ends with [`Watching::finish`].
pub struct Watching {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watching {
    /// Watches the folders of the library that are to be watched, now and as they change.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn begin(library: Arc<Library>, job: Arc<IndexJob>, pace: Pace) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = Arc::clone(&stop);
        let work = move || {
            let mut keeper = Keeper::new(library, job, pace);
            while !stops.load(Ordering::Relaxed) {
                keeper.turn(Instant::now());
                std::thread::sleep(TURN);
            }
        };
        let thread = std::thread::Builder::new().name("watch".into()).spawn(work);
        Ok(Self { stop, thread: thread.context("cannot watch folders")? })
    }

    /// Starts no run any more; one that goes on is the job's to end.
    pub fn finish(self) {
        self.stop.store(true, Ordering::Relaxed);
        if self.thread.join().is_err() {
            log::warn!("watching folders ended unexpectedly");
        }
    }
}
