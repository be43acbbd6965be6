//! Work that many indexers share.
//!
//! One of them walks an indexed folder, alone ([`PostgresStore::walk`]), and lists the files that
//! have to be read. Any number of them lease some of these for a while
//! ([`PostgresStore::lease`]), read and encode them, and hand in the changes with the jobs
//! ([`PostgresStore::finish`]): one transaction writes the photos and ends the jobs. Of an indexer
//! that dies, the leases run out and somebody else does the work.

mod jobs;
mod walk;

use std::time::Duration;

use seer_store::{Change, StoreResult};
use seer_types::{FileStamp, LibraryPath};

use crate::apply;
use crate::connect::retried;
use crate::store::PostgresStore;

pub use walk::Walk;

/// A file that has to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The file.
    pub path: LibraryPath,
    /// Its state when it was listed.
    pub stamp: FileStamp,
}

/// A file that was leased.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// The file.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// Its state when it was listed.
    pub stamp: FileStamp,
    /// How often it was leased, this time included. A file that was leased often and never finished
    /// may be one that ends its indexer.
    pub tries: u64,
    lease: Vec<u8>,
}

/// How much work waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backlog {
    /// Files that wait for somebody.
    pub waiting: u64,
    /// Files that somebody is at.
    pub leased: u64,
}

impl PostgresStore {
    /// Leases at most so many files of a folder (of all folders: `None`) for so long, those that
    /// waited longest first. None: there is nothing to do now.
    ///
    /// # Errors
    /// As for every call: `Unreachable`, …
    pub fn lease(
        &self,
        root: Option<&LibraryPath>,
        most: usize,
        term: Duration,
    ) -> StoreResult<Vec<Job>> {
        Ok(self.change(|connection| jobs::lease(connection, root, most, term))?)
    }

    /// Has the leases last so long from now on.
    ///
    /// # Errors
    /// `Refused` when one of them ran out and somebody else has the file: all others last longer.
    pub fn renew(&self, jobs: &[Job], term: Duration) -> StoreResult<()> {
        Ok(self.change(|connection| jobs::renew(connection, jobs, term))?)
    }

    /// Writes what came of leased files, and ends their jobs: all of it or nothing.
    ///
    /// # Errors
    /// As [`seer_store::Store::apply`]; `Refused` when one of the leases ran out and somebody else
    /// has the file.
    pub fn finish(&self, jobs: &[Job], batch: &[Change]) -> StoreResult<()> {
        let partitions = self.partitions();
        Ok(self.change(|connection| {
            jobs::end(connection, jobs)?;
            apply::apply(connection, partitions, batch)
        })?)
    }

    /// Gives leased files back unread, for somebody else. Leases that ran out are no error.
    ///
    /// # Errors
    /// As for every call: `Unreachable`, …
    pub fn give_back(&self, jobs: &[Job]) -> StoreResult<()> {
        Ok(self.change(|connection| jobs::give_back(connection, jobs))?)
    }

    /// How much work waits below an indexed folder (below all of them: `None`).
    ///
    /// # Errors
    /// As for every call: `Unreachable`, …
    pub fn backlog(&self, root: Option<&LibraryPath>) -> StoreResult<Backlog> {
        Ok(retried(self.primary(), |connection| jobs::backlog(connection, root))?)
    }

    /// Takes a folder's files off the list, leased ones too: their leases cannot be finished.
    ///
    /// # Errors
    /// As for every call: `Unreachable`, …
    pub fn clear_backlog(&self, root: &LibraryPath) -> StoreResult<()> {
        Ok(self.change(|connection| jobs::clear(connection, root))?)
    }
}
