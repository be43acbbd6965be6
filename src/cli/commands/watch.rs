//! `seer watch`: which folders are watched while a server runs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_http::client::ClientError;
use seer_http::wire;
use seer_types::LibraryPath;

use crate::args::{Shared, WatchArgs};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text::{printable, quoted};

pub fn run(shared: &Shared, args: &WatchArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    if args.folders.is_empty() {
        return list(shared, &backend);
    }
    for given in &args.folders {
        let folder = switch(&backend, given, !args.off)?;
        if !shared.quiet {
            let now = if args.off { "is watched no longer" } else { "is watched" };
            notices::line(&format!("{} {now}", printable(&folder.to_string_lossy())));
        }
    }
    if !args.off && !shared.quiet && matches!(backend, Backend::Local(_)) {
        notices::line("next: seer serve (photos are taken over while it runs)");
    }
    Ok(Outcome::Found)
}

/// Tries the path as written, else the one without links; gives the one that is an indexed folder.
fn switch(backend: &Backend, given: &Path, watch: bool) -> Result<PathBuf> {
    let written = std::path::absolute(given)
        .with_context(|| format!("\"{}\" has no absolute path", given.display()))?;
    for folder in [written, seer_indexer::resolve(given)] {
        if set(backend, &folder, watch)? {
            return Ok(folder);
        }
    }
    let shown = given.to_string_lossy();
    bail!(
        "{} is no indexed folder (\"seer roots\" lists them)\nnext: seer index {}",
        printable(&shown),
        quoted(&shown)
    )
}

/// False for what is no indexed folder.
fn set(backend: &Backend, folder: &Path, watch: bool) -> Result<bool> {
    match backend {
        Backend::Local(library) => Ok(library.set_watched(&LibraryPath::from(folder), watch)?),
        Backend::Remote(client) => match client.watch(folder, watch) {
            Ok(_) => Ok(true),
            Err(ClientError::Refused { code, .. }) if code == "no_root" => Ok(false),
            Err(error) => Err(error.into()),
        },
    }
}

/// The watched folders; where a server watches them, also how.
fn list(shared: &Shared, backend: &Backend) -> Result<Outcome> {
    let (folders, watching) = match backend {
        Backend::Local(library) => {
            let watched = library.watched()?;
            (watched.iter().map(LibraryPath::to_text).collect::<Vec<_>>(), Vec::new())
        }
        Backend::Remote(client) => {
            let watched = client.roots()?.into_iter().filter(|root| root.watch);
            (watched.map(|root| root.folder).collect(), client.status()?.watching)
        }
    };
    for folder in &folders {
        let how = watching.iter().find(|watching| watching.folder == *folder);
        if shared.json {
            let (how, why) = (how.map(|one| &one.how), how.and_then(|one| one.why.as_ref()));
            outln!("{}", serde_json::json!({ "folder": folder, "how": how, "why": why }));
        } else {
            outln!("{}", in_words(folder, how));
        }
    }
    Ok(if folders.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

/// A folder, and what is not as one expects.
pub fn in_words(folder: &str, how: Option<&wire::Watching>) -> String {
    let folder = printable(folder);
    match how.map(|how| (how.how.as_str(), how.why.as_deref())) {
        Some(("polled", why)) => {
            let why = why.map(|why| format!(": {}", printable(why))).unwrap_or_default();
            format!("{folder}, looked at now and then{why}")
        }
        Some(("away", _)) => format!("{folder}, not there now"),
        _ => folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_why_a_folder_is_polled() {
        let how = |how: &str, why: Option<&str>| wire::Watching {
            folder: "/p".into(),
            how: how.into(),
            why: why.map(Into::into),
        };
        assert_eq!(in_words("/p", None), "/p");
        assert_eq!(in_words("/p", Some(&how("told", None))), "/p");
        assert_eq!(in_words("/p", Some(&how("away", None))), "/p, not there now");
        let polled = how("polled", Some("it is on nfs4"));
        assert_eq!(in_words("/p", Some(&polled)), "/p, looked at now and then: it is on nfs4");
    }
}
