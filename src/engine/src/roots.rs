//! The indexed folders, each with what the library knows of it.

use seer_store::KnownState;
use seer_types::LibraryPath;

use crate::{EngineError, Library};

/// An indexed folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Root {
    /// The folder, as it was indexed.
    pub folder: LibraryPath,
    /// Files found under it that are photos; a photo with two files there counts twice.
    pub files: u64,
    /// Files found under it that could not be indexed.
    pub failures: u64,
    /// Whether it is a folder now; a drive that is not connected is none.
    pub there: bool,
    /// Globs of what it leaves out.
    pub excludes: Vec<String>,
    /// Whether it is watched: "seer serve" takes over what changes there.
    pub watched: bool,
}

impl Library {
    /// The indexed folders, by path. Reads what is known of every file, one by one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn root_list(&self) -> Result<Vec<Root>, EngineError> {
        let watched = self.watched()?;
        self.roots()?.into_iter().map(|folder| self.root(folder, &watched)).collect()
    }

    fn root(&self, folder: LibraryPath, watched: &[LibraryPath]) -> Result<Root, EngineError> {
        let (mut files, mut failures) = (0, 0);
        self.store.files_under(&folder, &mut |known| {
            // A folder indexed further down has its own.
            if known.root == folder {
                match known.state {
                    KnownState::Photo(_) => files += 1,
                    KnownState::Failed { .. } => failures += 1,
                }
            }
        })?;
        let there = self.maps.here(&folder).is_dir();
        let excludes = self.store.excludes(&folder)?;
        let watched = watched.contains(&folder);
        Ok(Root { folder, files, failures, there, excludes, watched })
    }
}
