//! Where the files to read come from, and where what came of them goes.

use std::sync::atomic::{AtomicUsize, Ordering};

use seer_engine::{Change, Job, Mounted};
use seer_types::LibraryPath;

use crate::IndexError;

/// What to do with a file.
pub(crate) enum Task {
    /// It is to be read.
    Read(Job),
    /// It cannot be indexed now, for this reason.
    Fail(Job, String),
}

/// Files to read, each given to one thread, and what keeps the results.
pub(crate) trait Work: Sync {
    /// The next file; `None` when there is none now.
    ///
    /// # Errors
    /// Those of the library, and of files that are somebody else's by now.
    fn next(&self) -> Result<Option<Task>, IndexError>;

    /// How many files there are, those that were given out included.
    fn files(&self) -> u64;

    /// Writes changes, all of them or none, and is done with their files and with those that went
    /// away.
    ///
    /// # Errors
    /// Those of the library, and of files that are somebody else's by now.
    fn commit(&self, changes: Vec<Change>, vanished: Vec<LibraryPath>) -> Result<(), IndexError>;
}

/// The files of one process that has the library for itself.
pub(crate) struct OwnWork<'a> {
    jobs: &'a [Job],
    next: AtomicUsize,
    library: Mounted<'a>,
}

impl<'a> OwnWork<'a> {
    pub(crate) fn new(jobs: &'a [Job], library: Mounted<'a>) -> Self {
        Self { jobs, next: AtomicUsize::new(0), library }
    }
}

impl Work for OwnWork<'_> {
    fn next(&self) -> Result<Option<Task>, IndexError> {
        let job = self.jobs.get(self.next.fetch_add(1, Ordering::Relaxed));
        Ok(job.cloned().map(Task::Read))
    }

    fn files(&self) -> u64 {
        self.jobs.len() as u64
    }

    fn commit(&self, changes: Vec<Change>, _vanished: Vec<LibraryPath>) -> Result<(), IndexError> {
        Ok(self.library.apply(changes)?)
    }
}
