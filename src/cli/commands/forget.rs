//! `seer forget`: lets go of folders and files for good.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use seer_http::wire;
use seer_types::LibraryPath;
use serde::Serialize;

use crate::args::{ForgetArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text::{count, printable};

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    place: &'a str,
    #[serde(flatten)]
    forgotten: &'a wire::Forgotten,
}

pub fn run(shared: &Shared, args: &ForgetArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    let mut outcome = Outcome::NothingFound;
    for given in &args.places {
        let (place, forgotten) = forget(&backend, given)?;
        if !forgotten.is_nothing() {
            outcome = Outcome::Found;
        }
        tell(shared, &place, &forgotten)?;
    }
    if outcome == Outcome::Found && !shared.quiet && matches!(backend, Backend::Remote(_)) {
        notices::line(
            "nobody finds it any more; the last traces leave the catalog's files when the server ends",
        );
    }
    Ok(outcome)
}

/// Forgets what is known under the path as written, else under the one without links.
fn forget(backend: &Backend, given: &Path) -> Result<(PathBuf, wire::Forgotten)> {
    let written = std::path::absolute(given)
        .with_context(|| format!("\"{}\" has no absolute path", given.display()))?;
    let forgotten = at(backend, &written)?;
    let real = seer_indexer::resolve(given);
    if !forgotten.is_nothing() || real == written {
        return Ok((written, forgotten));
    }
    let forgotten = at(backend, &real)?;
    Ok((real, forgotten))
}

fn at(backend: &Backend, place: &Path) -> Result<wire::Forgotten> {
    match backend {
        Backend::Remote(client) => Ok(client.forget(place)?),
        Backend::Local(library) => Ok(library.forget(&LibraryPath::from(place))?.into()),
    }
}

fn tell(shared: &Shared, place: &Path, forgotten: &wire::Forgotten) -> Result<()> {
    let text = place.to_string_lossy();
    if shared.json {
        outln!("{}", serde_json::to_string(&Line { place: &text, forgotten })?);
    } else if forgotten.is_nothing() {
        notices::line(&format!("seer: the library knows nothing at {}", printable(&text)));
    } else if !shared.quiet {
        in_words(&printable(&text), forgotten).iter().for_each(|line| outln!("{line}"));
    }
    Ok(())
}

fn in_words(place: &str, forgotten: &wire::Forgotten) -> Vec<String> {
    let root = if forgotten.was_root { ", which is no indexed folder any more" } else { "" };
    let mut lines = vec![format!(
        "forgot {} and {} of {place}{root}",
        count(forgotten.files, "file"),
        count(forgotten.photos, "photo")
    )];
    for folder in &forgotten.kept {
        lines.push(format!("kept {}, an indexed folder of its own", printable(folder)));
    }
    if let Some(folder) = &forgotten.inside {
        let folder = printable(folder);
        lines.push(format!(
            "it lies in {folder}: the next run finds again what is still there, unless it is left out (seer index -x)"
        ));
    }
    lines
}
