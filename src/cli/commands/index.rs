//! `seer index`: brings the library in step with photo folders.

mod answering;
mod skips;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use seer_engine::{Library, SpaceStatus};
use seer_http::client::Client;
use seer_http::{IndexOrder, wire};
use seer_indexer::{Cancel, IndexOptions};
use seer_types::{IndexEvent, IndexProgress, IndexSummary};

use answering::{Answering, OwnRun};

use crate::album_exports;
use crate::analysts;
use crate::args::{IndexArgs, Shared};
use crate::backend::Backend;
use crate::choice::{self, Role};
use crate::exit::Outcome;
use crate::folders;
use crate::notices;
use crate::progress::Display;
use crate::text::quoted;

pub fn run(shared: &Shared, args: &IndexArgs) -> Result<Outcome> {
    args.videos.offer();
    let folders = folders::absolute(&args.folders)?;
    if args.explain_skips {
        return skips::run(shared, args, folders);
    }
    let cancel = Cancel::default();
    on_interrupt(cancel.clone())?;
    let backend = match folders.is_empty() {
        true => Backend::reach(shared)?,
        false => Backend::reach_or_begin(shared, &folders)?,
    };
    let summary = match backend {
        Backend::Local(library) => here(shared, args, &library, folders, &cancel)?,
        Backend::Remote(client) => there(shared, args, &client, folders, &cancel)?,
    };
    Ok(match (summary.interrupted, summary.unavailable.is_empty()) {
        (true, _) => Outcome::Interrupted,
        (false, false) => Outcome::Trouble,
        (false, true) => Outcome::Found,
    })
}

/// The first Ctrl-C stops cleanly, the second at once.
fn on_interrupt(cancel: Cancel) -> Result<()> {
    let presses = AtomicUsize::new(0);
    ctrlc::set_handler(move || {
        if presses.fetch_add(1, Ordering::SeqCst) > 0 {
            std::process::exit(130);
        }
        notices::line("stopping; what is encoded is being saved (Ctrl-C again: stop at once)");
        cancel.cancel();
    })
    .context("cannot listen for Ctrl-C")
}

fn here(
    shared: &Shared,
    args: &IndexArgs,
    library: &Arc<Library>,
    folders: Vec<PathBuf>,
    cancel: &Cancel,
) -> Result<IndexSummary> {
    let folders = or_known(folders, library)?;
    let model = choice::load_into(library, shared, Role::Encode)?;
    if let Some(kind) = args.index {
        library.set_index(model.fingerprint(), kind)?;
    }
    let analysts = analysts::choose(library, shared, args.analyses.chosen())?;
    let display = Display::choose(shared.json, shared.quiet);
    let options = IndexOptions {
        excludes: args.exclude.clone(),
        no_excludes: args.no_exclude.clone(),
        without_thumbnails: args.no_thumbnails,
        prune: args.prune,
        retry_failures: args.retry_failures,
        analysts,
        decode_threads: args.threads,
        batch: args.batch,
        ..Default::default()
    };
    let own = OwnRun::new(cancel.clone(), shared.clone());
    let events = |event: IndexEvent| {
        if let IndexEvent::Progress(progress) = &event {
            own.is_at(progress);
        }
        display.show(&event);
    };
    // A shared library is open to all, and another model than the one in use answers nobody.
    let answers = library.chosen_model()?.is_some_and(|(used, _)| used == model.fingerprint());
    let others =
        (answers && shared.store.is_none()).then(|| Answering::start(library, Arc::clone(&own)));
    let summary = seer_indexer::run(library, &model, &folders, &options, cancel, &events)?;
    drop(others);
    if !shared.quiet {
        tell_of_other_model(&library.space_list()?, &model.fingerprint().to_string());
    }
    if !summary.interrupted {
        album_exports::after_run(library, shared);
    }
    Ok(summary)
}

/// Photos were encoded with a model that does not answer: how it would.
fn tell_of_other_model(spaces: &[SpaceStatus], filled: &str) {
    let used = spaces.iter().find(|space| space.in_use && space.fingerprint != filled);
    let filled = spaces.iter().find(|space| space.fingerprint == filled);
    if let (Some(used), Some(filled)) = (used, filled) {
        notices::line(&format!(
            "encoded with {}; queries go on being answered with {}\nnext: seer models use {}",
            filled.name,
            used.name,
            quoted(&filled.name)
        ));
    }
}

/// Without folders: those indexed before.
pub fn or_known(folders: Vec<PathBuf>, library: &Library) -> Result<Vec<PathBuf>> {
    if !folders.is_empty() {
        return Ok(folders);
    }
    let known = library.roots()?;
    if known.is_empty() {
        bail!("which folder? Nothing was indexed before\nnext: seer index FOLDER");
    }
    Ok(known.iter().map(|root| root.as_path().to_path_buf()).collect())
}

/// How often the server is asked how far it is.
const POLL: Duration = Duration::from_millis(300);

/// Asks the server that owns the library to index, and shows how far it is.
fn there(
    shared: &Shared,
    args: &IndexArgs,
    client: &Client,
    folders: Vec<PathBuf>,
    cancel: &Cancel,
) -> Result<IndexSummary> {
    let models = client.status()?.models;
    let used = models.iter().find(|space| space.in_use).map_or("", |space| space.name.as_str());
    let model = choice::name_for_server(shared, used)?;
    let asked = model.clone();
    let order = IndexOrder {
        folders,
        prune: args.prune,
        model,
        index: args.index,
        excludes: args.exclude.clone(),
        no_excludes: args.no_exclude.clone(),
        without_thumbnails: args.no_thumbnails,
        retry_failures: args.retry_failures,
        text: args.analyses.text,
        captions: args.analyses.captions.as_deref().map(choice::name_elsewhere).transpose()?,
    };
    let run = client.start_index(&order)?.run;
    let display = Display::choose(shared.json, shared.quiet);
    let mut cancelled = false;
    loop {
        std::thread::sleep(POLL);
        if cancel.is_cancelled() && !cancelled {
            client.cancel_index()?;
            cancelled = true;
        }
        let state = client.index_state()?;
        let Some(end) = end_of(run, &state)? else {
            display.show(&IndexEvent::Progress(IndexProgress::from(state.progress)));
            continue;
        };
        let summary = match end {
            wire::RunEnd::Finished(summary) => IndexSummary::from(summary.clone()),
            wire::RunEnd::Failed(failure) => bail!("indexing stopped: {}", failure.reason),
        };
        display.show(&IndexEvent::Finished(summary.clone()));
        if let Some(name) = asked.as_ref().filter(|_| !shared.quiet) {
            let models = client.status()?.models;
            let filled = models.iter().find(|space| space.name == *name);
            tell_of_other_model(&models, filled.map_or("", |space| &space.fingerprint));
        }
        return Ok(summary);
    }
}

/// How the run with this number ended; `None` while it goes on. Never another run's end.
///
/// # Errors
/// When another run has ended since, and with it the end of this one is no longer known.
fn end_of(run: u64, state: &wire::IndexState) -> Result<Option<&wire::RunEnd>> {
    match &state.last {
        Some(last) if last.run == run => Ok(Some(&last.end)),
        Some(last) if last.run > run => bail!(
            "the server has begun and ended another run since; how this one ended is not known\n\
             next: \"seer status\" says what the library holds; run the command again to be sure"
        ),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(run: u64, last: Option<u64>) -> wire::IndexState {
        let end = wire::RunEnd::Finished(wire::IndexSummary::default());
        let last = last.map(|run| wire::EndedRun { run, end });
        wire::IndexState { run, running: false, progress: Default::default(), last }
    }

    #[test]
    fn another_run_s_end_is_never_taken_for_its_own() {
        assert!(end_of(2, &state(2, None)).unwrap().is_none());
        assert!(end_of(2, &state(2, Some(1))).unwrap().is_none());
        assert!(end_of(2, &state(2, Some(2))).unwrap().is_some());
        assert!(end_of(2, &state(3, Some(2))).unwrap().is_some());
        assert!(end_of(2, &state(3, Some(3))).is_err());
    }
}
