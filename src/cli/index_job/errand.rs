//! What a run of the server is to do: what somebody asked for, or what watching found.

use std::path::PathBuf;
use std::time::Duration;

use seer_engine::Library;
use seer_http::IndexOrder;
use seer_indexer::{Cancel, IndexOptions};
use seer_types::{IndexEvent, IndexSummary};

use super::Broken;
use crate::album_exports;
use crate::analysts::{self, Chosen};
use crate::args::Shared as Options;

/// Why a run begins.
pub(super) enum Errand {
    /// Somebody asked for it.
    Asked(IndexOrder),
    /// Something changed in watched folders, or it is time to look.
    Watched(Look),
}

/// A look at watched folders.
#[derive(Clone, Default, Debug)]
pub struct Look {
    /// Indexed folders, by their paths on this machine.
    pub folders: Vec<PathBuf>,
    /// Files below them that changed; `None`: all.
    pub only: Option<Vec<PathBuf>>,
    /// Whether files that failed before for a reason that may have passed are tried again.
    pub second_tries: bool,
}

/// For so long a file has to be still before a look at a whole folder reads it.
const STILL: Duration = Duration::from_secs(2);

/// Takes over what changed. Folders that are watched no longer, or were forgotten meanwhile, are left
/// alone.
pub(super) fn look(
    library: &Library,
    options: &Options,
    look: &Look,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<IndexSummary, Broken> {
    let here = library.mounted();
    let watched: Vec<PathBuf> =
        library.watched()?.iter().map(|root| here.seen(root.as_path())).collect();
    let mut folders = look.folders.clone();
    folders.retain(|folder| watched.contains(folder));
    if folders.is_empty() {
        return Ok(IndexSummary { photos: library.status()?.photos, ..IndexSummary::default() });
    }
    let analysts = analysts::choose(library, options, Chosen::default())
        .map_err(|error| Broken::of(&error))?;
    let run = IndexOptions {
        // Who watched single files saw that they are still.
        still_for: look.only.is_none().then_some(STILL),
        only: look.only.clone(),
        without_second_tries: !look.second_tries,
        analysts,
        ..IndexOptions::default()
    };
    let done = seer_indexer::run(library, &library.model()?, &folders, &run, cancel, events)?;
    if !done.interrupted && did_something(&done) {
        album_exports::after_run(library, options);
    }
    Ok(done)
}

/// Whether a run changed anything that a person may want to hear of.
pub(super) fn did_something(done: &IndexSummary) -> bool {
    done.encoded + done.recognised + done.removed + done.failed + done.described + done.with_text
        > 0
}
