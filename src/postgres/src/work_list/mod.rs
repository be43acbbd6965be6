//! Work that many indexers share, in a table of the library's database.

mod jobs;
mod walk;

use std::time::Duration;

use seer_store::{Backlog, Change, Job, Lease, StoreResult, WorkList};
use seer_types::{LibraryPath, ModelFingerprint};

use crate::apply;
use crate::connect::{Connection, retried};
use crate::error::{PostgresError, Result};
use crate::store::PostgresStore;

pub(crate) use jobs::drop_of_model;

impl WorkList for PostgresStore {
    fn walking(
        &self,
        folders: &[LibraryPath],
        walk: &mut dyn FnMut(&[LibraryPath]),
    ) -> StoreResult<()> {
        Ok(walk::walking(self.primary(), folders, walk)?)
    }

    fn is_walked(&self, folders: &[LibraryPath]) -> StoreResult<bool> {
        Ok(retried(self.primary(), |connection| walk::is_walked(connection, folders))?)
    }

    fn list(&self, model: ModelFingerprint, jobs: &[Job]) -> StoreResult<()> {
        Ok(jobs::parts(jobs)
            .try_for_each(|part| self.change(|connection| jobs::list(connection, model, part)))?)
    }

    fn lease(
        &self,
        model: ModelFingerprint,
        roots: &[LibraryPath],
        most: usize,
        term: Duration,
    ) -> StoreResult<Vec<Lease>> {
        Ok(self.change(|connection| jobs::lease(connection, model, roots, most, term))?)
    }

    fn renew(
        &self,
        model: ModelFingerprint,
        leases: &[Lease],
        term: Duration,
    ) -> StoreResult<bool> {
        Ok(self.change(|connection| jobs::renew(connection, model, leases, term))?)
    }

    fn finish(
        &self,
        model: ModelFingerprint,
        leases: &[Lease],
        batch: &[Change],
    ) -> StoreResult<bool> {
        let partitions = self.partitions();
        let finish = |connection: &Connection| -> Result<()> {
            jobs::end(connection, model, leases)?;
            apply::apply(connection, partitions, batch)
        };
        match self.change(finish) {
            Ok(()) => Ok(true),
            Err(PostgresError::LeaseLost) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn give_back(&self, model: ModelFingerprint, leases: &[Lease]) -> StoreResult<()> {
        Ok(self.change(|connection| jobs::give_back(connection, model, leases))?)
    }

    fn backlog(&self, model: ModelFingerprint, roots: &[LibraryPath]) -> StoreResult<Backlog> {
        Ok(retried(self.primary(), |connection| jobs::backlog(connection, model, roots))?)
    }

    fn unlist(&self, folder: &LibraryPath) -> StoreResult<()> {
        Ok(self.change(|connection| jobs::unlist(connection, folder))?)
    }
}
