//! Removing a model from the cache: what was fetched, and nothing else.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::error::FetchError;
use super::options::FetchOptions;
use super::snapshot::Place;
use super::{resolve, snapshot};

/// Why a model is not removed.
#[derive(Debug, Error)]
pub enum RemoveError {
    /// It is not on disk, or means nothing.
    #[error(transparent)]
    Model(#[from] FetchError),
    /// The folder was never fetched.
    #[error("{} is not in the model cache: seer removes only what it fetched; delete the folder yourself", .0.display())]
    NotFetched(PathBuf),
    /// The operating system refused.
    #[error("{} cannot be removed: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// A model that can be removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// Its folder in the cache.
    pub folder: PathBuf,
    /// Bytes that become free.
    pub bytes: u64,
    blobs: Vec<PathBuf>,
    references: Vec<PathBuf>,
    repository: PathBuf,
    is_last: bool,
}

/// Finds what removing a model would remove; removes nothing and opens no socket.
///
/// # Errors
/// See [`RemoveError`].
pub fn removal(name: &str, options: &FetchOptions) -> Result<Removal, RemoveError> {
    let offline = FetchOptions { offline: true, ..options.clone() };
    let folder = resolve(name, &offline, &())?;
    let cache = options.cache_folder()?;
    let real = |path: &Path| path.canonicalize().ok();
    let inside = real(&folder).zip(real(&cache)).is_some_and(|(folder, cache)| {
        folder.starts_with(&cache)
            && folder.strip_prefix(&cache).is_ok_and(|p| p.iter().count() == 3)
    });
    let place = Place::of(&folder).filter(|_| inside);
    let place = place.ok_or_else(|| RemoveError::NotFetched(folder.clone()))?;
    let others = snapshot::folders(&place.repository.join("snapshots"));
    let others: Vec<PathBuf> = others.into_iter().filter(|other| *other != folder).collect();
    let kept: HashSet<PathBuf> = others.iter().flat_map(|other| blobs(other)).collect();
    let mut mine = blobs(&folder);
    mine.retain(|blob| !kept.contains(blob));
    mine.sort();
    mine.dedup();
    let bytes = mine.iter().filter_map(|blob| fs::metadata(blob).ok()).map(|m| m.len()).sum();
    Ok(Removal {
        references: place.references(),
        is_last: others.is_empty(),
        repository: place.repository,
        blobs: mine,
        folder,
        bytes,
    })
}

impl Removal {
    /// Removes it; the model is gone for every program with the first step.
    ///
    /// # Errors
    /// `Io`; the same command goes on where this one stopped.
    pub fn carry_out(&self) -> Result<(), RemoveError> {
        for reference in &self.references {
            remove_file(reference)?;
        }
        fs::remove_dir_all(&self.folder).map_err(failed(&self.folder))?;
        for blob in &self.blobs {
            remove_file(blob)?;
        }
        if self.is_last {
            fs::remove_dir_all(&self.repository).map_err(failed(&self.repository))?;
        }
        Ok(())
    }
}

/// Files that the links in a snapshot mean; the files themselves where it has no links.
fn blobs(snapshot: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(snapshot).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        match path.canonicalize() {
            Ok(real) if real.is_dir() => found.extend(blobs(&path)),
            Ok(real) => found.push(real),
            Err(_) => {}
        }
    }
    found
}

fn remove_file(path: &Path) -> Result<(), RemoveError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result.map_err(failed(path)),
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> RemoveError + '_ {
    |source| RemoveError::Io { path: path.to_owned(), source }
}
