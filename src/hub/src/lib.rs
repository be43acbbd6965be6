//! Models by name: a folder, a registry name or a hub id becomes a folder that a model can be loaded from.
//!
//! Fetched models live in the hub's own cache, shared with its other tools: what one has fetched, all have. Only
//! settings, tokenizer and weights are fetched, the weights as safetensors, and large files are checked against
//! the SHA-256 the hub states. A broken transfer goes on where it stopped, in the same run and in the next.
//!
//! Weights that were never published as safetensors are fetched as `torch.save` wrote them; they are read without
//! running what is in them.
//!
//! Absent on purpose: no upload, no datasets.

#![forbid(unsafe_code)]

mod checksum;
mod download;
mod error;
mod failure;
mod name;
mod options;
mod pack;
mod progress;
mod remove;
mod selection;
mod snapshot;

#[cfg(test)]
mod fetch_tests;
#[cfg(test)]
mod test_server;

use std::path::{Path, PathBuf};

use hf_hub::Cache;
use serde_json::Value;

pub use error::{Available, FetchError};
pub use options::FetchOptions;
pub use pack::{Imported, PackError, PackProgress, Packed, export, import};
pub use progress::FetchProgress;
pub use remove::{Removal, RemoveError, removal};
pub use snapshot::{CachedModel, FileState, ModelKind, list_cached};

use download::{Download, Weights};
use failure::Stop;
use name::{MAIN, RepositoryId};
use seer_checkpoint::registry::{self, Entry};

/// The folder of a model: the name itself where it is a folder, else the model's place in the cache, fetched first
/// where it is not there yet.
///
/// `name` is a path, a registry name (`ViT-B-32`, `ViT-B-32/openai`, `blip-image-captioning-base`), or a hub id (`owner/repository`, with
/// `@revision` where it is not `main`). A folder here that is called like a registry entry is meant only as
/// `./FOLDER`. What is in the cache is used as it is; no socket is opened for it.
///
/// # Errors
/// See [`FetchError`]; each message ends in what to do next.
pub fn resolve(
    name: &str,
    options: &FetchOptions,
    progress: &dyn FetchProgress,
) -> Result<PathBuf, FetchError> {
    let wanted = match Wanted::of(name)? {
        Meaning::Folder(folder) => return Ok(folder),
        Meaning::Hub(wanted) => wanted,
    };
    let cache = Cache::new(options.cache_folder()?);
    if let Some(folder) = wanted.revisions.iter().find_map(|id| snapshot::find(&cache, id)) {
        return Ok(folder);
    }
    if options.is_offline() {
        return Err(FetchError::Offline { name: name.to_owned(), available: available(options) });
    }
    wanted.fetch(name, options, progress)
}

/// The folder of a model that is complete on disk; opens no socket. `None` also for names that mean nothing.
pub fn cached(name: &str, options: &FetchOptions) -> Option<PathBuf> {
    let offline = FetchOptions { offline: true, ..options.clone() };
    resolve(name, &offline, &()).ok()
}

/// Whether a name means a place on disk, there or not, and no model of the registry or the hub.
pub fn is_folder(name: &str) -> bool {
    matches!(Wanted::of(name), Ok(Meaning::Folder(_)) | Err(FetchError::NoSuchFolder { .. }))
}

/// Compares the files of a model on disk with the checksums the hub stated for them, by file name; opens no socket.
///
/// # Errors
/// As [`resolve`] offline; `Cache` for a file that cannot be read.
pub fn verify(name: &str, options: &FetchOptions) -> Result<Vec<(String, FileState)>, FetchError> {
    let offline = FetchOptions { offline: true, ..options.clone() };
    snapshot::verify(&resolve(name, &offline, &())?)
}

/// What a name means.
enum Meaning {
    Folder(PathBuf),
    Hub(Wanted),
}

/// Revisions of a repository that hold the same model, in the order they are asked.
struct Wanted {
    revisions: Vec<RepositoryId>,
    entry: Option<&'static Entry>,
}

impl Wanted {
    fn of(name: &str) -> Result<Meaning, FetchError> {
        let path = Path::new(name);
        let is_path = path.is_absolute() || name.starts_with(['.', '~']) || name.contains('\\');
        if is_path {
            let folder = path.is_dir().then(|| Meaning::Folder(path.to_owned()));
            return folder.ok_or_else(|| FetchError::NoSuchFolder { path: path.to_owned() });
        }
        if let Some(entry) = registry::find(name) {
            let hub = entry.hub.as_deref().ok_or(FetchError::Builtin)?;
            let revisions = [Some(MAIN), entry.conversion.as_deref()].into_iter().flatten();
            let revisions = revisions.map(|revision| RepositoryId::new(hub, revision)).collect();
            return Ok(Meaning::Hub(Self { revisions, entry: Some(entry) }));
        }
        if let Some(captioner) = registry::find_captioner(name) {
            let revisions = vec![RepositoryId::new(captioner.hub, MAIN)];
            return Ok(Meaning::Hub(Self { revisions, entry: None }));
        }
        if path.is_dir() && holds_settings(path) {
            return Ok(Meaning::Folder(path.to_owned()));
        }
        match name.parse() {
            Ok(id) => Ok(Meaning::Hub(Self { revisions: vec![id], entry: None })),
            Err(_) => {
                let suggestions =
                    registry::suggestions(name).into_iter().map(str::to_owned).collect();
                Err(FetchError::UnknownName { name: name.to_owned(), suggestions })
            }
        }
    }

    /// Fetches the first revision that has the weights as safetensors, else the first with any.
    fn fetch(
        &self,
        name: &str,
        options: &FetchOptions,
        progress: &dyn FetchProgress,
    ) -> Result<PathBuf, FetchError> {
        let settings = self.entry.map(bare_settings).unwrap_or_default();
        let bare = self.entry.and_then(|entry| entry.bare_weights.as_deref());
        let kinds = match bare {
            Some(file) => vec![Weights::Bare(file, &settings)],
            None => vec![Weights::Safe, Weights::Pickled],
        };
        let layout = self.entry.and_then(Entry::layout);
        for (weights, id) in
            kinds.iter().flat_map(|kind| self.revisions.iter().map(|id| (*kind, id)))
        {
            match Download::new(id, options, progress)?.run(layout, weights) {
                Ok(folder) => return Ok(folder),
                Err(Stop::OnlyPickled) => {}
                Err(Stop::NoConnection(cause)) => {
                    return Err(FetchError::NoConnection {
                        name: name.to_owned(),
                        cause,
                        available: available(options),
                    });
                }
                // A repository may be known by a misspelt registry name: `ViT-B-32/opena` parses as an id.
                Err(Stop::Error(
                    error @ (FetchError::NotFound { .. } | FetchError::Denied { .. }),
                )) => {
                    return Err(or_unknown(name, error));
                }
                Err(Stop::Error(error)) => return Err(error),
            }
        }
        Err(FetchError::OnlyPickled {
            id: self.revisions.first().map_or_else(String::new, ToString::to_string),
        })
    }
}

/// The settings of a repository that holds the bare weights only.
fn bare_settings(entry: &Entry) -> String {
    let settings = registry::settings(entry).into_iter().next();
    settings.map_or_else(String::new, |(_, json): (_, Value)| json.to_string())
}

/// A name that is on no hub but near a registry name was probably meant as one.
fn or_unknown(name: &str, error: FetchError) -> FetchError {
    let suggestions: Vec<String> =
        registry::suggestions(name).into_iter().map(str::to_owned).collect();
    if registry::find(name).is_some() || suggestions.is_empty() {
        return error;
    }
    FetchError::UnknownName { name: name.to_owned(), suggestions }
}

fn holds_settings(folder: &Path) -> bool {
    ["config.json", "open_clip_config.json"].iter().any(|file| folder.join(file).is_file())
}

fn available(options: &FetchOptions) -> Available {
    let models = list_cached(options).unwrap_or_default();
    Available { cached: models.into_iter().map(|model| model.name).collect() }
}
