//! `seer index --explain-skips`: what is left out, and by which rule.

use std::io::{IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use seer_indexer::{Cancel, IndexOptions, Skipped, explain_skips, remembered_excludes};
use serde::Serialize;

use crate::args::{IndexArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::place;
use crate::stdio;
use crate::store;
use crate::text::{count, printable};

/// One line of JSON.
#[derive(Serialize)]
struct Line {
    path: String,
    rule: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more_files: bool,
}

impl From<&Skipped> for Line {
    fn from(skipped: &Skipped) -> Self {
        Self {
            path: skipped.path.to_string_lossy().into_owned(),
            rule: skipped.rule.name(),
            reason: skipped.rule.reason(),
            files: skipped.files.map(|(files, _)| files),
            more_files: skipped.files.is_some_and(|(_, more)| more),
        }
    }
}

/// Lists what a run for these folders would leave out.
///
/// # Errors
/// No folder is named and none was indexed before; one cannot be read; a glob is none.
pub fn run(shared: &Shared, args: &IndexArgs, folders: Vec<PathBuf>) -> Result<Outcome> {
    let Known { library, excludes } = known(shared)?;
    let folders = match folders.is_empty() {
        true => excludes.iter().map(|(folder, _)| folder.clone()).collect(),
        false => folders,
    };
    if folders.is_empty() {
        bail!("which folder? Nothing was indexed before\nnext: seer index --explain-skips FOLDER");
    }
    let options = IndexOptions {
        excludes: args.exclude.clone(),
        no_excludes: args.no_exclude.clone(),
        ..IndexOptions::default()
    };
    let skipped = explain_skips(&folders, &library, excludes, &options, &Cancel::new())?;
    let mut out = stdio::writer();
    for one in &skipped {
        if shared.json {
            serde_json::to_writer(&mut out, &Line::from(one))?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", in_words(one))?;
        }
    }
    out.flush()?;
    if stdout().is_terminal() && !shared.quiet {
        notices::line(&format!("{} left out", count(skipped.len() as u64, "path")));
    }
    Ok(if skipped.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

/// What there is before the run.
struct Known {
    /// The library's folder, perhaps of no library yet.
    library: PathBuf,
    /// The indexed folders, and what each leaves out.
    excludes: Vec<(PathBuf, Vec<String>)>,
}

fn known(shared: &Shared) -> Result<Known> {
    let is_there = shared.store.is_some() || place::is_there(&store::folder(shared)?);
    if !is_there {
        return Ok(Known { library: store::folder(shared)?, excludes: Vec::new() });
    }
    Ok(match Backend::reach(shared)? {
        Backend::Local(library) => Known {
            library: library.folder().to_path_buf(),
            excludes: remembered_excludes(&library)?,
        },
        Backend::Remote(client) => {
            let roots = client.roots()?.into_iter();
            let excludes = roots.map(|root| (PathBuf::from(root.folder), root.excludes)).collect();
            Known { library: store::folder(shared)?, excludes }
        }
    })
}

fn in_words(skipped: &Skipped) -> String {
    let path = shown(&skipped.path);
    let (rule, reason) = (skipped.rule.name(), skipped.rule.reason());
    match skipped.files {
        Some((files, more)) => {
            let at_least = if more { "more than " } else { "" };
            format!("{path}/ ({at_least}{}): {rule}: {reason}", count(files, "file"))
        }
        None => format!("{path}: {rule}: {reason}"),
    }
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_indexer::SkipRule;

    #[test]
    fn a_line_says_what_and_why() {
        let skipped = |path: &str, rule, files| Skipped { path: path.into(), rule, files };
        let folder = skipped("/p/a", SkipRule::Marked, Some((1, false)));
        assert_eq!(in_words(&folder), "/p/a/ (1 file): marked: it holds .nomedia or .noimage");
        let large = skipped("/p/b", SkipRule::Excluded, Some((9_000, true)));
        assert!(in_words(&large).starts_with("/p/b/ (more than 9,000 files): excluded"));
        let file = skipped("/p/a.jpg~", SkipRule::Backup, None);
        assert!(in_words(&file).starts_with("/p/a.jpg~: backup: "));
        let json = serde_json::to_value(Line::from(&folder)).unwrap();
        assert_eq!((json["rule"].as_str(), json["files"].as_u64()), (Some("marked"), Some(1)));
        assert_eq!(json.get("more_files"), None);
    }
}
