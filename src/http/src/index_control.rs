//! The seam to the indexer: this crate starts and watches runs, but does not know how they work.

use std::path::PathBuf;
use std::sync::Arc;

use seer_engine::{Fault, SpaceEntry};
use seer_types::{IndexKind, IndexProgress, IndexSummary, LibraryPath};

/// Starts, watches and stops indexing runs. At most one runs at a time.
///
/// Every call returns at once but [`IndexControl::use_model`] and what may have to end a run that nobody
/// asked for, [`IndexControl::start`] and [`IndexControl::make_way`]; all may come from any thread.
pub trait IndexControl: Send + Sync {
    /// Starts a run in the background and gives its number: 1 for the first run of this server,
    /// then one more each time. A run that only watching began ends for it. Once this has returned, `state()` shows this run until it has
    /// ended.
    ///
    /// # Errors
    /// One line for the user, when a run is going on already or cannot begin.
    fn start(&self, order: IndexOrder) -> Result<u64, String>;

    /// Answers queries in another model's space from now on; the model is loaded for this: it returns when
    /// that is done, and queries are answered with the one before until then.
    ///
    /// # Errors
    /// Why it cannot be loaded, and what next.
    fn use_model(&self, space: &SpaceEntry) -> Result<(), String>;

    /// Whether the model of this name can be loaded without a network.
    fn has_model(&self, name: &str) -> bool;

    /// Whether a model that is not on this machine may be fetched.
    fn may_fetch(&self) -> bool {
        false
    }

    /// The run that is going on and the one that ended last, as of one moment.
    fn state(&self) -> RunState;

    /// Asks the run to stop; committed work is kept. Nothing happens when there is none.
    fn cancel(&self);

    /// Ends a run that only watching began, and lets none begin before what this returns is dropped.
    /// A run that somebody asked for goes on.
    fn make_way(&self) -> Way {
        Way::default()
    }

    /// How the watched folders are watched; empty where nobody watches.
    fn watching(&self) -> Vec<Watching> {
        Vec::new()
    }

    /// Tells that other folders are to be watched from now on.
    fn watched_changed(&self) {}
}

/// As long as it lives, no run begins that nobody asked for.
pub type Way = Arc<()>;

/// A watched folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watching {
    /// The folder, as it was indexed.
    pub folder: LibraryPath,
    /// How it is watched now.
    pub how: Watched,
}

/// How a folder is watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Watched {
    /// The system tells of changes.
    Told,
    /// It is looked at now and then, for this reason.
    Polled(String),
    /// It is not there, and watched once it is.
    Away,
}

/// What a run is asked to do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IndexOrder {
    /// The folders it walks; none: it encodes nothing and only makes the indexes that are lacking.
    pub folders: Vec<PathBuf>,
    /// Also forget files of folders that are empty or not mounted.
    pub prune: bool,
    /// The model that photos are encoded with; `None`: the one in use. Queries go on being answered
    /// with the one in use.
    pub model: Option<String>,
    /// How that model's vectors are indexed from now on; `None`: as before.
    pub index: Option<IndexKind>,
    /// Globs of what the folders leave out from now on.
    pub excludes: Vec<String>,
    /// Globs that they leave out no longer.
    pub no_excludes: Vec<String>,
    /// Make no thumbnails.
    pub without_thumbnails: bool,
    /// Try files again that failed before and have not changed since.
    pub retry_failures: bool,
    /// Whether the words in pictures are read from now on; `None`: as before.
    pub text: Option<bool>,
    /// The model that describes photos from now on, or "off"; `None`: as before.
    pub captions: Option<String>,
}

/// What [`IndexControl::state`] shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RunState {
    /// The number of the run that was started last; 0 before the first.
    pub run: u64,
    /// How far that run is; `phase` is `Idle` once it has ended, however it ended.
    pub progress: IndexProgress,
    /// The run that ended last; `None` before the first one ends.
    pub last: Option<EndedRun>,
}

/// A run that is over.
#[derive(Clone, PartialEq, Debug)]
pub struct EndedRun {
    /// Its number.
    pub run: u64,
    /// How it ended.
    pub end: RunEnd,
}

/// How a run ended. There is always an end: a run that panics has failed.
#[derive(Clone, PartialEq, Debug)]
pub enum RunEnd {
    /// It came to its end, or was stopped in order; this is what it did.
    Finished(IndexSummary),
    /// It broke off. What was committed before stays.
    Failed {
        /// Why, in words; may have a second line that says what next.
        reason: String,
        /// Who can mend it.
        fault: Fault,
    },
}
