//! What a run would leave out, and by which rule.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Rules, SkipRule, Walker, look_at_all};
use crate::pipeline::first_bytes;
use crate::{Cancel, IndexError, IndexOptions, excludes};

/// Files of a folder are counted up to so many entries.
const COUNTED: u64 = 10_000;

/// A file or folder that is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// Where, absolute.
    pub path: PathBuf,
    /// Why.
    pub rule: SkipRule,
    /// Of a folder, how many files it holds, and whether there may be more: counting ends after
    /// 10,000 entries. `None` for a file.
    pub files: Option<(u64, bool)>,
}

/// Walks `folders` as a run with these options would, and tells what it would leave out: sorted by
/// path, a folder once for all that it holds. `library` is the library's own folder; `remembered` is
/// what indexed folders leave out already. Nothing is indexed, remembered or written.
///
/// # Errors
/// `BadExclude`, `UnknownExclude`, `NothingNamed`; `Unavailable` when one of the folders cannot be
/// read.
pub fn explain_skips(
    folders: &[PathBuf],
    library: &Path,
    remembered: Vec<(PathBuf, Vec<String>)>,
    options: &IndexOptions,
    cancel: &Cancel,
) -> Result<Vec<Skipped>, IndexError> {
    if folders.is_empty() {
        return Err(IndexError::NothingNamed);
    }
    let roots = look_at_all(folders);
    let rules = Rules::new(&excludes::changed(remembered, &roots, options)?)?;
    if let Some((path, reason)) = roots.iter().find_map(|root| root.trouble()) {
        let (path, reason) = (path.to_path_buf(), reason.to_owned());
        return Err(IndexError::Unavailable { path, reason, known: false });
    }
    let mut others: Vec<PathBuf> = Vec::new();
    let mut note = |path: &Path| others.push(path.to_path_buf());
    let walker = Walker::new(&rules, library, cancel, &|_| ()).telling_others(&mut note);
    let walk = walker.walk(&roots);
    let mut skipped: Vec<Skipped> = Vec::new();
    skipped.extend(walk.left_out.into_iter().map(|left| {
        let files = left.is_folder.then(|| count(&left.path));
        Skipped { path: left.path, rule: left.rule, files }
    }));
    skipped.extend(others.into_iter().map(|path| {
        let is_sidecar = walk.sidecars.contains(&path);
        let rule = if is_sidecar { SkipRule::Sidecar } else { SkipRule::NoPicture };
        Skipped { path, rule, files: None }
    }));
    let unsure = walk.files.into_iter().filter(|file| !file.surely_picture);
    let no_pictures =
        unsure.filter(|file| !seer_images::looks_like_picture(&first_bytes(&file.path)));
    skipped.extend(no_pictures.map(|file| Skipped {
        path: file.path,
        rule: SkipRule::NoPicture,
        files: None,
    }));
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(skipped)
}

/// How many files lie in a folder, and whether there may be more.
fn count(folder: &Path) -> (u64, bool) {
    let mut files = 0;
    for (entries, entry) in (0..).zip(WalkDir::new(folder)) {
        if entries > COUNTED {
            return (files, true);
        }
        files += u64::from(entry.is_ok_and(|entry| !entry.file_type().is_dir()));
    }
    (files, false)
}
