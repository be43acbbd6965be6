//! A library as the files of this machine see it: paths are those of here, wherever its folders were
//! indexed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use seer_store::{Backlog, Change, Job, KnownFile, Lease, WorkList};
use seer_types::{DevicePlace, Failure, LibraryPath, ModelFingerprint, PhotoFile, PhotoId};

use crate::path_map::PathMap;
use crate::{EngineError, Library};

/// The library for whoever reads files: every path taken and given is one of this machine.
#[derive(Clone, Copy)]
pub struct Mounted<'a> {
    library: &'a Library,
}

impl Library {
    /// This library, with paths of this machine; see [`crate::PathMap`].
    pub fn mounted(&self) -> Mounted<'_> {
        Mounted { library: self }
    }
}

impl<'a> Mounted<'a> {
    fn maps(&self) -> &'a PathMap {
        &self.library.maps
    }

    /// Where this machine sees a folder that is named by its path here or by the one that was
    /// indexed.
    pub fn seen(&self, folder: &Path) -> PathBuf {
        let named = LibraryPath::from(folder);
        match self.maps().indexed(&named) == named {
            true => self.maps().here(&named),
            false => folder.to_path_buf(),
        }
    }

    /// The files the library knows below a folder, failed ones included, by the bytes of their
    /// paths.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn files_under(&self, folder: &LibraryPath) -> Result<Vec<KnownFile>, EngineError> {
        let mut files = self.library.files_under(&self.maps().indexed(folder))?;
        for file in &mut files {
            self.maps().bring_here(&mut file.path);
            self.maps().bring_here(&mut file.root);
        }
        Ok(files)
    }

    /// The files that could not be read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn failures(&self) -> Result<Vec<Failure>, EngineError> {
        let mut failures = self.library.failures()?;
        for failure in &mut failures {
            self.maps().bring_here(&mut failure.path);
            self.maps().bring_here(&mut failure.root);
        }
        Ok(failures)
    }

    /// The files of a photo; none of an unknown one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn files_of(&self, id: PhotoId) -> Result<Vec<LibraryPath>, EngineError> {
        let Some(record) = self.library.photo(id)? else { return Ok(Vec::new()) };
        let files = self.library.record_here(record).files;
        Ok(files.into_iter().map(|file| file.path).collect())
    }

    /// Takes over a batch: durable and searchable when this returns; all of it or nothing.
    ///
    /// # Errors
    /// When the store cannot be written, or has no room: nothing was taken over.
    pub fn apply(&self, mut changes: Vec<Change>) -> Result<(), EngineError> {
        self.maps().as_indexed(&mut changes);
        self.library.apply(changes)
    }

    /// The indexed folders.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn roots(&self) -> Result<Vec<LibraryPath>, EngineError> {
        let mut roots = self.library.roots()?;
        roots.iter_mut().for_each(|root| self.maps().bring_here(root));
        Ok(roots)
    }

    /// Remembers an indexed folder.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn add_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        self.library.add_root(&self.maps().indexed(root))
    }

    /// Forgets that a folder is an indexed one; its photos stay.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remove_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        self.library.remove_root(&self.maps().indexed(root))
    }

    /// The devices that an indexed folder's files lay on when they were last looked at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn places(&self, root: &LibraryPath) -> Result<Vec<DevicePlace>, EngineError> {
        let mut places = self.library.places(&self.maps().indexed(root))?;
        places.iter_mut().for_each(|place| self.maps().bring_here(&mut place.path));
        Ok(places)
    }

    /// Remembers the devices that an indexed folder's files lie on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_places(
        &self,
        root: &LibraryPath,
        places: &[DevicePlace],
    ) -> Result<(), EngineError> {
        let mut places = places.to_vec();
        places.iter_mut().for_each(|place| place.path = self.maps().indexed(&place.path));
        self.library.set_places(&self.maps().indexed(root), &places)
    }

    /// The globs of what an indexed folder leaves out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn excludes(&self, root: &LibraryPath) -> Result<Vec<String>, EngineError> {
        self.library.excludes(&self.maps().indexed(root))
    }

    /// Remembers the globs of what an indexed folder leaves out; one that was none is one from now
    /// on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> Result<(), EngineError> {
        self.library.set_excludes(&self.maps().indexed(root), globs)
    }

    /// Where a photo's files are, each with its state when it was read; none of an unknown one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn files_with_stamps(&self, id: PhotoId) -> Result<Vec<PhotoFile>, EngineError> {
        let record = self.library.photo(id)?;
        Ok(record.map_or_else(Vec::new, |record| self.library.record_here(record).files))
    }

    /// The work for a model that the indexers of several machines share; `None` for a library that
    /// one process owns.
    pub fn work_list(&self, model: ModelFingerprint) -> Option<MountedWork<'a>> {
        let list = self.library.store.work_list()?;
        Some(MountedWork { maps: self.maps(), list, model })
    }
}

/// Shared work for one model, with paths of this machine.
#[derive(Clone, Copy)]
pub struct MountedWork<'a> {
    maps: &'a PathMap,
    list: &'a dyn WorkList,
    model: ModelFingerprint,
}

/// A lease, and its job as this machine sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MountedLease {
    /// What there is to read.
    pub job: Job,
    /// What the list knows it by.
    pub lease: Lease,
}

impl MountedWork<'_> {
    fn indexed(&self, folders: &[LibraryPath]) -> Vec<LibraryPath> {
        folders.iter().map(|folder| self.maps.indexed(folder)).collect()
    }

    /// Runs `walk` with those of the folders that no other machine walks through now; none does
    /// until it returns.
    ///
    /// # Errors
    /// Those of the list.
    pub fn walking(
        &self,
        folders: &[LibraryPath],
        walk: &mut dyn FnMut(&[LibraryPath]),
    ) -> Result<(), EngineError> {
        let indexed = self.indexed(folders);
        Ok(self.list.walking(&indexed, &mut |mine| {
            let here = |folder: &LibraryPath| LibraryPath::new(self.maps.here(folder));
            walk(&mine.iter().map(here).collect::<Vec<_>>());
        })?)
    }

    /// Whether another machine walks through one of the folders now.
    ///
    /// # Errors
    /// Those of the list.
    pub fn is_walked(&self, folders: &[LibraryPath]) -> Result<bool, EngineError> {
        Ok(self.list.is_walked(&self.indexed(folders))?)
    }

    /// Lists files that have to be read.
    ///
    /// # Errors
    /// Those of the list.
    pub fn list(&self, mut jobs: Vec<Job>) -> Result<(), EngineError> {
        for job in &mut jobs {
            job.path = self.maps.indexed(&job.path);
            job.root = self.maps.indexed(&job.root);
        }
        Ok(self.list.list(self.model, &jobs)?)
    }

    /// Leases at most so many files of these indexed folders for so long.
    ///
    /// # Errors
    /// Those of the list.
    pub fn lease(
        &self,
        roots: &[LibraryPath],
        most: usize,
        term: Duration,
    ) -> Result<Vec<MountedLease>, EngineError> {
        let leases = self.list.lease(self.model, &self.indexed(roots), most, term)?;
        let here = |lease: Lease| {
            let mut job = lease.job.clone();
            self.maps.bring_here(&mut job.path);
            self.maps.bring_here(&mut job.root);
            MountedLease { job, lease }
        };
        Ok(leases.into_iter().map(here).collect())
    }

    /// Has the leases last so long from now on; false when one of them is somebody else's.
    ///
    /// # Errors
    /// Those of the list.
    pub fn renew(&self, leases: &[Lease], term: Duration) -> Result<bool, EngineError> {
        Ok(self.list.renew(self.model, leases, term)?)
    }

    /// Writes what came of leased files, and ends their jobs. False, and nothing is written, when
    /// one of them is somebody else's.
    ///
    /// # Errors
    /// Those of the list.
    pub fn finish(&self, leases: &[Lease], mut batch: Vec<Change>) -> Result<bool, EngineError> {
        self.maps.as_indexed(&mut batch);
        Ok(self.list.finish(self.model, leases, &batch)?)
    }

    /// Gives leased files back unread.
    ///
    /// # Errors
    /// Those of the list.
    pub fn give_back(&self, leases: &[Lease]) -> Result<(), EngineError> {
        Ok(self.list.give_back(self.model, leases)?)
    }

    /// How much work is left in these indexed folders.
    ///
    /// # Errors
    /// Those of the list.
    pub fn backlog(&self, roots: &[LibraryPath]) -> Result<Backlog, EngineError> {
        Ok(self.list.backlog(self.model, &self.indexed(roots))?)
    }
}
