//! The library a command talks to: opened here, or through the server that owns it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use seer_engine::{EngineError, Library, Stop};
use seer_http::client::{Client, ClientError};
use seer_http::wire;
use seer_types::PhotoId;

use crate::args::Shared;
use crate::choice::{self, Role};
use crate::folders;
use crate::notices;
use crate::place;
use crate::store;

/// How long a library is waited for that another process has.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is tried again. Short, as commands that follow one another leave it free for moments.
const POLL: Duration = Duration::from_millis(50);

/// From when on somebody who waits is told why.
const TELL: Duration = Duration::from_secs(1);

/// Either way to a library.
pub enum Backend {
    /// No server has it: this process opens it.
    Local(Arc<Library>),
    /// A running `seer serve` owns it.
    Remote(Client),
}

impl Backend {
    /// Reaches the library the options name.
    ///
    /// # Errors
    /// No library there yet, another process has it, or its server does not answer.
    pub fn reach(shared: &Shared) -> Result<Self> {
        if let Some(config) = store::config(shared)? {
            return Ok(Self::Local(Arc::new(store::connect(&config, shared)?)));
        }
        let folder = store::folder(shared)?;
        if let Some(client) = Client::find(&folder) {
            return Ok(Self::Remote(client));
        }
        place::existing(&folder)?;
        Self::open(shared, &folder)
    }

    /// Like [`Self::reach`], but a library that is not there yet is begun for these folders.
    ///
    /// # Errors
    /// Another process has it, or its server does not answer; none of the folders of a library that
    /// is not there yet can be read.
    pub fn reach_or_begin(shared: &Shared, folders: &[PathBuf]) -> Result<Self> {
        if shared.store.is_some() {
            return Self::reach(shared);
        }
        let folder = store::folder(shared)?;
        if let Some(client) = Client::find(&folder) {
            return Ok(Self::Remote(client));
        }
        folders::worth_a_library(folders, &folder)?;
        Self::open(shared, &folder)
    }

    /// Opens it here. Another process may have it for the length of a search, and a server that is
    /// just starting has it before it answers.
    fn open(shared: &Shared, folder: &Path) -> Result<Self> {
        let begun = Instant::now();
        let mut told = shared.quiet;
        loop {
            let error = match Library::open(folder, store::options(shared)) {
                Ok(library) => return Ok(Self::Local(Arc::new(library))),
                Err(error) => error,
            };
            let waited = begun.elapsed();
            if error.code() != "locked" || waited > PATIENCE {
                return Err(opening(error, folder));
            }
            if waited > TELL && !told {
                told = true;
                notices::line("waiting: another seer process has this library");
            }
            std::thread::sleep(POLL);
            if let Some(client) = Client::find(folder) {
                return Ok(Self::Remote(client));
            }
        }
    }

    /// Whether a photo with this content can be found in the library.
    ///
    /// # Errors
    /// What the engine or the server says.
    pub fn has_photo(&self, id: PhotoId) -> Result<bool> {
        match self {
            Self::Remote(client) => match client.photo(&id.to_string()) {
                Ok(_) => Ok(true),
                Err(ClientError::Refused { code, .. }) if code == "not_found" => Ok(false),
                Err(error) => Err(error.into()),
            },
            Self::Local(library) => Ok(library.photo(id)?.is_some()),
        }
    }

    /// Searches; a local library loads its model first.
    ///
    /// # Errors
    /// What the engine or the server says.
    pub fn search(
        &self,
        shared: &Shared,
        request: wire::SearchRequest,
    ) -> Result<wire::SearchAnswer> {
        match self {
            Self::Remote(client) => {
                same_model(client, shared)?;
                Ok(client.search(&request)?)
            }
            Self::Local(library) => {
                let request = seer_engine::SearchRequest::try_from(request)?;
                // Loaded once, for any number of searches.
                if library.model().is_err() && library.needs_model(&request)? {
                    choice::load_into(library, shared, Role::Ask)?;
                }
                let answer = library.search(&request)?;
                log::info!("searched in {:.0} ms", answer.timings.total_ms);
                Ok(answer.into())
            }
        }
    }

    /// Several searches at once, in their order; a local library loads its model first.
    ///
    /// # Errors
    /// What the server says of all of them; what is wrong with one is its own answer.
    pub fn search_batch(
        &self,
        shared: &Shared,
        queries: Vec<wire::SearchRequest>,
    ) -> Result<Vec<wire::OneOfBatch>> {
        match self {
            Self::Remote(client) => {
                same_model(client, shared)?;
                Ok(client.search_batch(&wire::BatchRequest { queries })?.answers)
            }
            Self::Local(library) => {
                let requests = queries.into_iter().map(seer_engine::SearchRequest::try_from);
                let requests = requests.collect::<Result<Vec<_>, _>>()?;
                // What cannot be understood needs none: it says so itself.
                let needs = |request| library.needs_model(request).unwrap_or(false);
                if library.model().is_err() && requests.iter().any(needs) {
                    choice::load_into(library, shared, Role::Ask)?;
                }
                let found = library.search_batch(&requests, &Stop::new());
                Ok(found.into_iter().map(one_of_batch).collect())
            }
        }
    }
}

fn one_of_batch(found: Result<seer_engine::SearchAnswer, EngineError>) -> wire::OneOfBatch {
    match found {
        Ok(answer) => wire::OneOfBatch::Answer(Box::new(answer.into())),
        Err(error) => {
            let (code, message) = (error.code().to_owned(), error.to_string());
            wire::OneOfBatch::Error(wire::ErrorMessage { code, message })
        }
    }
}

fn opening(error: EngineError, folder: &Path) -> anyhow::Error {
    anyhow::Error::from(error).context(format!("cannot open the library in {}", folder.display()))
}

/// A server has one model; another one cannot be asked for by the way.
pub fn same_model(client: &Client, shared: &Shared) -> Result<()> {
    let Some(asked) = &shared.model else { return Ok(()) };
    let status = client.status().context("the server does not say which model it uses")?;
    let uses = status.model.map(|model| model.name).unwrap_or_default();
    if uses == *asked || Path::new(asked).file_name().is_some_and(|name| name == uses.as_str()) {
        return Ok(());
    }
    bail!(
        "the running server uses the model \"{uses}\", not \"{asked}\"\nnext: leave out --model, \
         or stop the server and start it with --model {asked}"
    )
}
