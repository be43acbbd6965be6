//! What a run is asked to do, and how it is stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use seer_engine::Analyst;
use seer_images::{Limits, Stop};

/// Settings of one run. The default indexes everything that changed and removes nothing in doubt.
#[derive(Clone, Default)]
pub struct IndexOptions {
    /// Globs of files and folders to leave out; case is ignored, `*` stops at `/`, `**` does not.
    /// Without `/`: any file or folder name. With `/`: the path below the indexed folder.
    /// Starting with `/`: the whole path. They are remembered with the folders of this run, and hold
    /// for every later run there.
    pub excludes: Vec<String>,
    /// Globs that were remembered with the folders of this run, as they were given, to be forgotten.
    pub no_excludes: Vec<String>,
    /// Make no thumbnails.
    pub without_thumbnails: bool,
    /// Let go of photos whose folder is missing or has no pictures left, and forget every photo
    /// without a file for good. Without it they stay.
    pub prune: bool,
    /// Try files again that failed before and have not changed since. (Those that could not be
    /// read, or that the model could not encode, are tried again in every run anyway.)
    pub retry_failures: bool,
    /// Leave files that failed before and have not changed since alone, whatever the reason was.
    pub without_second_tries: bool,
    /// Look at these files below the folders of the run alone (and where one speaks of photos beside
    /// it, at those), as a run over all would. Nothing is concluded to be gone, and no folder is
    /// remembered.
    pub only: Option<Vec<PathBuf>>,
    /// Read only files whose size and modification time stay the same for so long; the rest is left
    /// to a later run. `None`: all.
    pub still_for: Option<Duration>,
    /// Who looks at the photos once they can be found, one after the other. Photos that each has looked at
    /// before are left out.
    pub analysts: Vec<Arc<dyn Analyst>>,
    /// Threads that read and decode; at least 1. `None`: one per core.
    pub decode_threads: Option<usize>,
    /// Pictures per call of the model, at least 1. `None`: found out while running.
    pub batch: Option<usize>,
    /// What is too large to decode.
    pub limits: Limits,
}

/// Stops a run from another thread. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Stop);

impl Cancel {
    /// A run that goes on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to stop: what is encoded is committed, the rest is left for the next run.
    /// Pictures that are being decoded are given up at once.
    pub fn cancel(&self) {
        self.0.stop();
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_stopped()
    }

    /// What decoders look at.
    pub(crate) fn flag(&self) -> &Stop {
        &self.0
    }
}
