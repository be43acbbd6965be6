//! `seer mcp`: the library for assistants.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use seer_engine::{Library, Model};
use seer_http::wire;
use seer_mcp::Photos;
use seer_types::ModelFingerprint;
use serde_json::Value;

use super::status;
use crate::args::{McpArgs, Shared};
use crate::backend::Backend;
use crate::causes;
use crate::exit::Outcome;

/// A library that was opened here is closed when nothing was asked for so long: about as long as other
/// commands wait for it.
const IDLE: Duration = Duration::from_millis(1500);

/// Serves one assistant until it closes standard input.
///
/// # Errors
/// When standard input and output cannot be used.
pub fn run(shared: &Shared, args: &McpArgs) -> Result<Outcome> {
    let photos = Arc::new(Reached {
        shared: shared.clone(),
        strip_metadata: args.strip_metadata,
        held: Mutex::new(Held::default()),
    });
    // Ends with the process: it holds no work, only an open library.
    thread::spawn({
        let photos = Arc::clone(&photos);
        move || loop {
            thread::sleep(IDLE / 10);
            photos.close_if_idle();
        }
    });
    seer_mcp::serve(photos).context("the assistant cannot be answered")?;
    Ok(Outcome::Found)
}

/// The library that the options name, reached anew for each question.
struct Reached {
    shared: Shared,
    strip_metadata: bool,
    held: Mutex<Held>,
}

/// What is kept from one question to the next.
#[derive(Default)]
struct Held {
    library: Option<(Arc<Library>, Instant)>,
    /// The model that was loaded last, and which one the library had chosen then.
    model: Option<(Option<ModelFingerprint>, Arc<Model>)>,
}

impl Reached {
    /// Asks the server of the library, or the library itself.
    fn ask<T>(&self, question: impl FnOnce(&Backend) -> Result<T>) -> Result<T, String> {
        let mut held = self.held();
        self.reach(&mut held)
            .and_then(|backend| {
                let answer = question(&backend);
                held.keep(&backend);
                answer
            })
            .map_err(|error| causes::told(&error))
    }

    fn reach(&self, held: &mut Held) -> Result<Backend> {
        if let Some((library, _)) = &held.library {
            return Ok(Backend::Local(Arc::clone(library)));
        }
        let backend = Backend::reach(&self.shared)?;
        if let (Backend::Local(library), Some((chosen, model))) = (&backend, &held.model)
            && chosen_by(library)? == *chosen
        {
            library.set_model(Arc::clone(model))?;
        }
        Ok(backend)
    }

    fn close_if_idle(&self) {
        let mut held = self.held();
        held.library.take_if(|(_, last)| last.elapsed() >= IDLE);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn keep(&mut self, backend: &Backend) {
        let Backend::Local(library) = backend else { return };
        if let (Ok(model), Ok(chosen)) = (library.model(), chosen_by(library)) {
            self.model = Some((chosen, model));
        }
        self.library = Some((Arc::clone(library), Instant::now()));
    }
}

fn chosen_by(library: &Library) -> Result<Option<ModelFingerprint>> {
    Ok(library.chosen_model()?.map(|(fingerprint, _)| fingerprint))
}

impl Photos for Reached {
    fn search(&self, request: wire::SearchRequest) -> Result<wire::SearchAnswer, String> {
        self.ask(|backend| backend.search(&self.shared, request))
    }

    fn photo(&self, id: &str) -> Result<wire::Photo, String> {
        self.ask(|backend| match backend {
            Backend::Remote(client) => Ok(client.photo(id)?),
            Backend::Local(library) => Ok(library.find(id)?.into()),
        })
    }

    fn picture(&self, id: &str, longest: u32) -> Result<Vec<u8>, String> {
        self.ask(|backend| match backend {
            Backend::Remote(client) => Ok(client.thumbnail(id, longest)?),
            Backend::Local(library) => Ok(library.thumbnail(id.parse()?, longest)?),
        })
    }

    fn status(&self) -> Result<Value, String> {
        self.ask(|backend| Ok(serde_json::to_value(status::Report::of(backend)?)?))
    }

    fn hides_places(&self) -> Result<bool, String> {
        if self.strip_metadata {
            return Ok(true);
        }
        self.ask(|backend| match backend {
            Backend::Remote(client) => Ok(client.status()?.strip_metadata),
            Backend::Local(_) => Ok(false),
        })
    }
}
