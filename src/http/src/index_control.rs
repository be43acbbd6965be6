//! The seam to the indexer: this crate starts and watches runs, but does not know how they work.

use std::path::PathBuf;

use seer_types::{IndexProgress, IndexSummary};

/// Starts, watches and stops indexing runs. At most one runs at a time.
///
/// Every call returns at once and may come from any thread.
pub trait IndexControl: Send + Sync {
    /// Starts a run over `folders` in the background. `prune`: also forget files of folders that
    /// are empty or not mounted. Once this has returned, `progress().phase` is not `Idle` until
    /// the run has ended.
    ///
    /// # Errors
    /// One line for the user, when a run is going on already or cannot begin.
    fn start(&self, folders: Vec<PathBuf>, prune: bool) -> Result<(), String>;

    /// How far the run is; `phase` is `Idle` when there is none.
    fn progress(&self) -> IndexProgress;

    /// What the last finished run did; `None` before the first one ends.
    fn last(&self) -> Option<IndexSummary>;

    /// Asks the run to stop; committed work is kept. Nothing happens when there is none.
    fn cancel(&self);
}
