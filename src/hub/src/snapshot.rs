//! Models that are on disk, in the layout of the hub's cache: `models--OWNER--NAME/{refs,snapshots,blobs}`.
//!
//! Nothing here opens a socket.

use std::fs;
use std::path::{Path, PathBuf};

use hf_hub::{Cache, CacheRepo};
use seer_checkpoint::config::is_captioner;
use seer_checkpoint::{Checkpoint, registry};
use serde_json::Value;

use super::checksum;
use super::error::FetchError;
use super::name::{MAIN, RepositoryId};
use super::options::FetchOptions;
use super::selection::{Selection, select, select_pickled};

/// What a model in the cache is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModelKind {
    /// It gives embeddings, by which photos are found.
    Embeddings,
    /// It describes pictures in words, and has no embeddings.
    Captions,
}

/// A complete model in the cache.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedModel {
    /// Its registry name, or else its hub id, with `@revision` where that is not `main`.
    pub name: String,
    /// Its hub id.
    pub hub: String,
    /// What it is for.
    pub kind: ModelKind,
    /// The folder for `Model::load`, or `Captioner::load`.
    pub folder: PathBuf,
    /// Bytes of the files seer uses.
    pub bytes: u64,
}

/// What is known of one file's bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileState {
    /// Its digest is the one it was fetched with.
    Verified,
    /// None was stated: a file that came from elsewhere.
    NoChecksum,
    /// Its bytes have changed since.
    Damaged {
        /// What the hub stated.
        expected: String,
        /// What is there.
        found: String,
    },
}

/// The complete snapshot of a repository, if there is one.
pub(super) fn find(cache: &Cache, id: &RepositoryId) -> Option<PathBuf> {
    let repo = cache.repo(id.repo());
    let folder = cache.path().join(id.repo().folder_name());
    let reference = fs::read_to_string(folder.join("refs").join(&id.revision)).ok();
    // A revision may itself be a commit.
    let commit = reference.as_deref().map_or(id.revision.as_str(), str::trim);
    complete(&repo, commit)
}

/// The snapshot of a commit, if it has all files of a model.
pub(super) fn complete(repo: &CacheRepo, commit: &str) -> Option<PathBuf> {
    if !is_plain_name(commit) {
        return None;
    }
    let folder = repo.pointer_path(commit);
    selection(&folder).is_some().then_some(folder)
}

/// The files of a model in a folder, if they are all there.
pub(super) fn selection(folder: &Path) -> Option<Selection> {
    let names = file_names(folder);
    select(&names, None).ok().or_else(|| select_pickled(&names, None))
}

/// A snapshot's place in the cache: `models--OWNER--NAME/snapshots/COMMIT`.
pub(super) struct Place {
    /// `.../models--OWNER--NAME`.
    pub repository: PathBuf,
    /// `OWNER/NAME`.
    pub hub: String,
    pub commit: String,
}

impl Place {
    /// The place of a folder, if it looks like one.
    pub fn of(folder: &Path) -> Option<Self> {
        let text = |path: &Path| path.file_name().and_then(|n| n.to_str()).map(str::to_owned);
        let snapshots = folder.parent()?;
        let repository = snapshots.parent()?;
        let name = text(repository)?;
        let (owner, name) = name.strip_prefix("models--")?.split_once("--")?;
        let is_one = text(snapshots)? == "snapshots";
        is_one.then_some(Self {
            repository: repository.to_owned(),
            hub: format!("{owner}/{name}"),
            commit: text(folder)?,
        })
    }

    /// The branch or tag that means this commit, `main` before others; the commit itself where none does.
    pub fn revision(&self) -> Option<String> {
        let mut names = self.names();
        names.sort_by_key(|name| name != MAIN);
        Some(names.into_iter().next().unwrap_or_else(|| self.commit.clone()))
    }

    /// The files below `refs` that mean this commit.
    pub fn references(&self) -> Vec<PathBuf> {
        let refs = self.repository.join("refs");
        self.names().into_iter().map(|name| refs.join(name)).collect()
    }

    fn names(&self) -> Vec<String> {
        let refs = self.repository.join("refs");
        let mut names = references(&refs, "");
        names.retain(|name| {
            fs::read_to_string(refs.join(name)).is_ok_and(|commit| commit.trim() == self.commit)
        });
        names
    }
}

/// Whether a text from outside is a single, harmless file name.
pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// Names of the files in a folder whose bytes are there (a link whose blob is gone does not count).
pub(super) fn file_names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let entries = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Every complete model in the cache that gives embeddings or describes pictures, by name.
///
/// # Errors
/// `NoCacheFolder`; a cache folder that does not exist is an empty one.
pub fn list_cached(options: &FetchOptions) -> Result<Vec<CachedModel>, FetchError> {
    let cache = Cache::new(options.cache_folder()?);
    let mut models = Vec::new();
    for folder in folders(cache.path()) {
        let name =
            folder.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_prefix("models--"));
        let Some(hub) =
            name.and_then(|n| n.split_once("--")).map(|(owner, name)| format!("{owner}/{name}"))
        else {
            continue;
        };
        for revision in references(&folder.join("refs"), "") {
            let id = RepositoryId::new(&hub, &revision);
            let snapshot = find(&cache, &id);
            models.extend(snapshot.and_then(|folder| Some(model(&id, kind(&folder)?, folder))));
        }
    }
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models.dedup_by(|a, b| a.folder == b.folder);
    Ok(models)
}

fn model(id: &RepositoryId, kind: ModelKind, folder: PathBuf) -> CachedModel {
    let known = registry_name(id).map(str::to_owned);
    let name = known.unwrap_or_else(|| id.to_string());
    let files = selection(&folder).map(|selection| selection.files).unwrap_or_default();
    let bytes =
        files.iter().filter_map(|file| fs::metadata(folder.join(file)).ok()).map(|m| m.len()).sum();
    CachedModel { name, hub: id.id.clone(), kind, folder, bytes }
}

/// What the registry calls this revision of a repository.
fn registry_name(id: &RepositoryId) -> Option<&'static str> {
    if let Some(entry) = registry::find(&id.id).filter(|e| e.hub.as_deref() == Some(&id.id)) {
        let is_its = id.revision == MAIN || entry.conversion.as_deref() == Some(&id.revision);
        return is_its.then_some(entry.name.as_str());
    }
    let captioner = registry::find_captioner(&id.id).filter(|_| id.revision == MAIN);
    captioner.filter(|captioner| captioner.hub == id.id).map(|captioner| captioner.name)
}

/// What a snapshot's settings are those of. Other models share the cache: an image-only or language-only one is none.
fn kind(snapshot: &Path) -> Option<ModelKind> {
    if snapshot.join("open_clip_config.json").is_file() {
        return Some(ModelKind::Embeddings);
    }
    if is_captioner(&Checkpoint::Folder(snapshot.to_owned())) {
        return Some(ModelKind::Captions);
    }
    let config = fs::read(snapshot.join("config.json")).ok()?;
    let config: Value = serde_json::from_slice(&config).ok()?;
    let both = config.get("text_config").is_some() && config.get("vision_config").is_some();
    both.then_some(ModelKind::Embeddings)
}

/// Revisions below `refs`: file names, with folders for those with slashes (`refs/pr/2`).
fn references(folder: &Path, prefix: &str) -> Vec<String> {
    const DEEPEST: usize = 4;
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = format!("{prefix}{name}");
        if !entry.path().is_dir() {
            names.push(name);
        } else if name.split('/').count() < DEEPEST {
            names.extend(references(&entry.path(), &format!("{name}/")));
        }
    }
    names
}

pub(super) fn folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// Compares a blob with the digest that is its name.
fn compare(blob: &Path, name: &str) -> std::io::Result<FileState> {
    let (expected, found) = match (checksum::stated(name), checksum::stated_by_git(name)) {
        (Some(expected), _) => (expected, checksum::sha256(blob)?),
        (None, Some(expected)) => (expected, checksum::git(blob)?),
        (None, None) => return Ok(FileState::NoChecksum),
    };
    Ok(match found.eq_ignore_ascii_case(expected) {
        true => FileState::Verified,
        false => FileState::Damaged { expected: expected.to_owned(), found },
    })
}

/// Compares each file of a snapshot with the checksum in its blob's name.
///
/// # Errors
/// `Cache` for a file that cannot be read.
pub(super) fn verify(snapshot: &Path) -> Result<Vec<(String, FileState)>, FetchError> {
    let mut names = file_names(snapshot);
    names.sort();
    let mut states = Vec::with_capacity(names.len());
    for name in names {
        let path = snapshot.join(&name);
        let unreadable = |source| FetchError::Cache { path: path.clone(), source };
        let blob = path.canonicalize().map_err(unreadable)?;
        let state = match blob.file_name().and_then(|n| n.to_str()) {
            Some(blob_name) => compare(&blob, blob_name).map_err(unreadable)?,
            None => FileState::NoChecksum,
        };
        states.push((name, state));
    }
    Ok(states)
}
