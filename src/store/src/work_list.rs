//! Work that many indexers share: which files have to be read for which model.

use std::time::Duration;

use seer_types::{FileStamp, LibraryPath, ModelFingerprint};

use crate::{Change, StoreResult};

/// A file to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// The file.
    pub path: LibraryPath,
    /// The indexed folder it belongs to.
    pub root: LibraryPath,
    /// Its state when it was found.
    pub stamp: FileStamp,
}

/// A job that one indexer has for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// What there is to do.
    pub job: Job,
    /// How often it was leased, this time included, since its file last changed. A file that was
    /// leased often and never finished may be one that ends its indexer.
    pub tries: u64,
    /// What tells this lease from others of the same job.
    pub token: Vec<u8>,
}

/// How much work is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backlog {
    /// Files that wait for somebody.
    pub waiting: u64,
    /// Files that somebody is at.
    pub leased: u64,
}

impl Backlog {
    /// Files that are not finished.
    pub fn left(self) -> u64 {
        self.waiting.saturating_add(self.leased)
    }
}

/// A list of work that the indexers of several machines share.
///
/// One of them walks a folder, alone ([`WorkList::walking`]), and lists the files that have to be
/// read ([`WorkList::list`]). Any number of them lease some of these for a while
/// ([`WorkList::lease`]), read and encode them, and hand in the changes with the leases
/// ([`WorkList::finish`]): one transaction writes the photos and ends the jobs. Of an indexer that
/// dies, the leases run out and somebody else does the work.
///
/// Every method may fail as every method of [`crate::Store`]: `Unreachable`, …
pub trait WorkList: Send + Sync {
    /// Runs `walk` with those of the folders that nobody else walks through now. Nobody else
    /// does until it returns.
    fn walking(
        &self,
        folders: &[LibraryPath],
        walk: &mut dyn FnMut(&[LibraryPath]),
    ) -> StoreResult<()>;

    /// Whether somebody walks through one of the folders now.
    fn is_walked(&self, folders: &[LibraryPath]) -> StoreResult<bool>;

    /// Lists files that have to be read for a model. One that is listed already waits as before,
    /// unless its state is another: then it waits anew, and who leased it cannot finish it.
    fn list(&self, model: ModelFingerprint, jobs: &[Job]) -> StoreResult<()>;

    /// Leases at most so many files of these indexed folders for so long, those that waited
    /// longest first. None: there is nothing to do now.
    fn lease(
        &self,
        model: ModelFingerprint,
        roots: &[LibraryPath],
        most: usize,
        term: Duration,
    ) -> StoreResult<Vec<Lease>>;

    /// Has the leases last so long from now on. False when one of them ran out and somebody else
    /// has the file, or when it is not listed any more; the others last longer.
    fn renew(&self, model: ModelFingerprint, leases: &[Lease], term: Duration)
    -> StoreResult<bool>;

    /// Writes what came of leased files, and ends their jobs. False, and nothing is written, when
    /// one of the leases ran out and somebody else has the file, or when it is not listed any more.
    ///
    /// # Errors
    /// As [`crate::Store::apply`].
    fn finish(
        &self,
        model: ModelFingerprint,
        leases: &[Lease],
        batch: &[Change],
    ) -> StoreResult<bool>;

    /// Gives leased files back unread, for somebody else. Leases that ran out are no error.
    fn give_back(&self, model: ModelFingerprint, leases: &[Lease]) -> StoreResult<()>;

    /// How much work is left in these indexed folders.
    fn backlog(&self, model: ModelFingerprint, roots: &[LibraryPath]) -> StoreResult<Backlog>;

    /// Takes the files below a folder (or the file itself) off the list, for all models, leased ones
    /// too: their leases cannot be finished.
    fn unlist(&self, folder: &LibraryPath) -> StoreResult<()>;
}
