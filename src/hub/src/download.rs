//! Fetching one repository through hf-hub, with what hf-hub leaves to its caller: limits of time, checksums, sizes,
//! and going on after a broken connection.
//!
//! hf-hub resumes: a file comes in as `BLOB.part`, and the next attempt asks only for the rest. It does not check
//! the result, so a cut or altered file is found here. hf-hub sets no timeout on a running transfer: a server that
//! goes silent in the middle of a file holds the fetch until the connection is closed or the user stops it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use hf_hub::api::RepoInfo;
use hf_hub::api::sync::{Api, ApiBuilder, ApiRepo};
use hf_hub::{Cache, CacheRepo};
use seer_checkpoint::config::Layout;

use super::checksum;
use super::error::FetchError;
use super::failure::{Failure, Stop, of_request, of_transfer};
use super::name::RepositoryId;
use super::options::FetchOptions;
use super::progress::{Adapter, FetchProgress};
use super::selection::{Selection, Unusable, select, select_pickled};
use super::snapshot::{complete, file_names, is_plain_name};

/// Attempts in a row that may bring nothing before a fetch is given up, and the first wait between two of them.
const ATTEMPTS: u32 = 4;
const WAIT: Duration = Duration::from_millis(if cfg!(test) { 1 } else { 500 });

/// Longest wait for a connection and for the list of files.
const CONNECT: Duration = Duration::from_secs(15);
const LIST: Duration = Duration::from_secs(60);

/// A repository being fetched.
pub(super) struct Download<'a> {
    id: &'a RepositoryId,
    api: Api,
    repo: ApiRepo,
    cache: CacheRepo,
    cache_folder: PathBuf,
    progress: &'a dyn FetchProgress,
    has_token: bool,
}

/// Which weights may be fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weights<'a> {
    /// Safetensors.
    Safe,
    /// As `torch.save` writes them.
    Pickled,
    /// This file, as `torch.save` writes it, from a repository without OpenCLIP's settings, which are these.
    Bare(&'a str, &'a str),
}

/// A file as the server announces it: its size, and the name of its blob.
struct Announced {
    blob: String,
    size: u64,
}

impl<'a> Download<'a> {
    /// Prepares a fetch; opens no socket yet.
    pub fn new(
        id: &'a RepositoryId,
        options: &FetchOptions,
        progress: &'a dyn FetchProgress,
    ) -> Result<Self, FetchError> {
        let cache_folder = options.cache_folder()?;
        let cache = Cache::new(cache_folder.clone());
        let token = options.access_token().or_else(|| cache.token());
        let has_token = token.is_some();
        let mut builder = ApiBuilder::from_cache(cache.clone())
            .with_progress(false)
            .with_retries(0)
            .with_token(token)
            .with_user_agent("seer", env!("CARGO_PKG_VERSION"));
        if let Some(server) = options.server() {
            builder = builder.with_endpoint(server);
        }
        let api = builder
            .build()
            .map_err(|e| FetchError::Protocol { id: id.to_string(), reason: e.to_string() })?;
        let repo = api.repo(id.repo());
        Ok(Self { id, repo, api, cache: cache.repo(id.repo()), cache_folder, progress, has_token })
    }

    /// Asks which files there are, fetches those that are needed and missing, and returns the snapshot's folder.
    pub fn run(&self, layout: Option<Layout>, weights: Weights) -> Result<PathBuf, Stop> {
        let (commit, selection) = self.list(layout, weights)?;
        let snapshot = self.cache.pointer_path(&commit);
        let present = file_names(&snapshot);
        let missing: Vec<String> =
            selection.files.into_iter().filter(|file| !present.contains(file)).collect();
        self.progress.files(&missing);
        for file in &missing {
            remove_dangling(&snapshot.join(file)).map_err(|e| self.stop(Failure::Io(e)))?;
            self.fetch(file)?;
        }
        if let Weights::Bare(_, settings) = weights {
            fs::write(snapshot.join("open_clip_config.json"), settings)
                .map_err(|e| self.stop(Failure::Io(e)))?;
        }
        self.cache.create_ref(&commit).map_err(|e| self.stop(Failure::Io(e)))?;
        let changed = "its files changed while they were fetched, run the same command again";
        complete(&self.cache, &commit)
            .ok_or_else(|| self.stop(Failure::Protocol(changed.to_owned())))
    }

    fn list(&self, layout: Option<Layout>, weights: Weights) -> Result<(String, Selection), Stop> {
        let request = self.repo.info_request().config();
        let request = request.timeout_connect(Some(CONNECT)).timeout_global(Some(LIST)).build();
        let info: RepoInfo = request
            .call()
            .and_then(|mut response| response.body_mut().read_json())
            .map_err(|e| self.stop(of_request(&e)))?;
        if !is_plain_name(&info.sha) {
            return Err(self.stop(Failure::Protocol("no commit is named".to_owned())));
        }
        let names: Vec<String> =
            info.siblings.into_iter().map(|sibling| sibling.rfilename).collect();
        let other = match weights {
            Weights::Safe => None,
            Weights::Pickled => select_pickled(&names, layout),
            Weights::Bare(file, _) => names
                .iter()
                .any(|name| name == file)
                .then(|| Selection { layout: Layout::OpenClip, files: vec![file.to_owned()] }),
        };
        match other.map_or_else(|| select(&names, layout), Ok) {
            Ok(selection) => Ok((info.sha, selection)),
            Err(Unusable::OnlyPickled) => Err(Stop::OnlyPickled),
            Err(Unusable::NotAModel) => {
                Err(Stop::Error(FetchError::NotAModel { id: self.id.to_string() }))
            }
        }
    }

    /// Fetches one file, going on where an attempt stopped as long as attempts bring something.
    fn fetch(&self, file: &str) -> Result<(), Stop> {
        let mut fruitless = 0;
        let mut announced = Announced { blob: String::new(), size: 0 };
        let mut kept = 0;
        loop {
            let cause = match self.attempt(file, &mut announced) {
                Ok(()) => return Ok(()),
                Err(Failure::Broken(cause)) => cause,
                Err(failure) => return Err(self.stop(failure)),
            };
            let received = length(&self.part(&announced.blob));
            fruitless = if received > kept { 1 } else { fruitless + 1 };
            kept = received;
            if fruitless >= ATTEMPTS {
                let (file, total) = (file.to_owned(), announced.size);
                return Err(Stop::Error(FetchError::Interrupted { file, received, total, cause }));
            }
            self.progress.retrying(file);
            thread::sleep(WAIT * fruitless);
        }
    }

    fn attempt(&self, file: &str, announced: &mut Announced) -> Result<(), Failure> {
        let metadata = self.api.metadata(&self.repo.url(file)).map_err(of_transfer)?;
        if ![metadata.etag(), metadata.commit_hash()].into_iter().all(is_plain_name) {
            return Err(Failure::Protocol(format!("{file} comes with an odd ETag or commit")));
        }
        *announced = Announced { blob: metadata.etag().to_owned(), size: metadata.size() as u64 };
        let part = self.part(&announced.blob);
        // A part as long as the file, or longer, cannot be gone on with: there is nothing left to ask for.
        if part.exists() && length(&part) >= announced.size {
            fs::remove_file(&part).map_err(Failure::Io)?;
        }
        let resumed = part.exists();
        let pointer = self
            .repo
            .download_with_progress(file, Adapter::new(self.progress, file))
            .map_err(of_transfer)?;
        self.check(file, &pointer, announced, resumed)?;
        self.progress.finished(file);
        Ok(())
    }

    /// Compares what came in with the size and checksum that were announced.
    fn check(
        &self,
        file: &str,
        pointer: &Path,
        announced: &Announced,
        resumed: bool,
    ) -> Result<(), Failure> {
        let blob = pointer.canonicalize().map_err(Failure::Io)?;
        let received = length(&blob);
        if received < announced.size {
            // hf-hub took a cut transfer for a whole one: make it a part again.
            fs::remove_file(pointer).map_err(Failure::Io)?;
            fs::rename(&blob, self.part(&announced.blob)).map_err(Failure::Io)?;
            return Err(Failure::Broken("the transfer ended early".to_owned()));
        }
        self.progress.verifying(file);
        let expected = checksum::stated(&announced.blob).map(str::to_lowercase);
        let found = match expected {
            Some(_) => Some(checksum::sha256(&blob).map_err(Failure::Io)?),
            None => None,
        };
        if received == announced.size && found == expected {
            return Ok(());
        }
        fs::remove_file(pointer).map_err(Failure::Io)?;
        if blob.exists() {
            fs::remove_file(&blob).map_err(Failure::Io)?;
        }
        match (expected, found) {
            // Kept bytes may have been the damaged ones: once more from the start.
            (Some(expected), Some(found)) if !resumed => {
                Err(Failure::Corrupt { file: file.to_owned(), expected, found })
            }
            _ => Err(Failure::Broken("what came in does not fit what was announced".to_owned())),
        }
    }

    /// Where hf-hub keeps a blob that is not complete yet.
    fn part(&self, blob: &str) -> PathBuf {
        self.cache.blob_path(blob).with_extension("part")
    }

    fn stop(&self, failure: Failure) -> Stop {
        failure.stop(self.id, self.has_token, &self.cache_folder)
    }
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Removes a link whose blob is gone; hf-hub would trip over it.
fn remove_dangling(pointer: &Path) -> io::Result<()> {
    if !pointer.exists() && fs::symlink_metadata(pointer).is_ok() {
        fs::remove_file(pointer)
    } else {
        Ok(())
    }
}
