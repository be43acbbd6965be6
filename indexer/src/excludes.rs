//! What a person excluded, remembered with the indexed folders.
//!
//! An exclude that is given for a folder below an indexed one is remembered with that one, written
//! so that it means the same there.

use std::path::{Path, PathBuf};

use globset::escape;
use seer_engine::{EngineError, Library, Mounted};
use seer_types::LibraryPath;

use crate::walk::{Root, Rules};
use crate::{IndexError, IndexOptions};

/// Globs for what lies below a folder.
pub(crate) type ForFolder = (PathBuf, Vec<String>);

/// What the indexed folders leave out, each with its globs.
///
/// # Errors
/// When the library cannot be read.
pub fn remembered_excludes(library: &Library) -> Result<Vec<(PathBuf, Vec<String>)>, IndexError> {
    Ok(remembered(library.mounted())?)
}

fn remembered(here: Mounted<'_>) -> Result<Vec<ForFolder>, EngineError> {
    let of = |root: LibraryPath| Ok((root.as_path().to_path_buf(), here.excludes(&root)?));
    here.roots()?.into_iter().map(of).collect()
}

/// Remembers and forgets what a run says of its folders; what all folders leave out from now on.
/// That comes before the walk: a run that is stopped has hidden what it was to hide.
///
/// # Errors
/// `BadExclude` and `UnknownExclude` before anything is written; those of the library.
pub(crate) fn settled(
    here: Mounted<'_>,
    roots: &[Root],
    options: &IndexOptions,
) -> Result<Vec<ForFolder>, IndexError> {
    let before = remembered(here)?;
    let after = changed(before.clone(), roots, options)?;
    for (folder, globs) in &after {
        if !before.iter().any(|(known, old)| known == folder && old == globs) {
            here.set_excludes(&LibraryPath::from(folder.as_path()), globs)?;
        }
    }
    Ok(after)
}

/// What folders leave out after a run with these options.
///
/// # Errors
/// `BadExclude`, `UnknownExclude`.
pub(crate) fn changed(
    before: Vec<ForFolder>,
    roots: &[Root],
    options: &IndexOptions,
) -> Result<Vec<ForFolder>, IndexError> {
    let mut after = before;
    let folders: Vec<&Path> =
        roots.iter().filter(|root| matches!(root, Root::Folder(_))).map(Root::path).collect();
    for glob in &options.no_excludes {
        if !forget(&mut after, &folders, glob) {
            let known = after.iter().flat_map(|(_, globs)| globs.clone()).collect();
            return Err(IndexError::UnknownExclude { glob: glob.clone(), known });
        }
    }
    for folder in folders {
        options.excludes.iter().for_each(|glob| add(&mut after, folder, glob));
    }
    // What is no glob is refused before it is remembered. Single files are named by themselves.
    Rules::new(&after)?;
    let others: Vec<ForFolder> = vec![(PathBuf::new(), options.excludes.clone())];
    Rules::new(&others)?;
    Ok(after)
}

/// The indexed folder at or above this one.
fn covering(known: &[ForFolder], folder: &Path) -> Option<usize> {
    known.iter().position(|(root, _)| folder.starts_with(root))
}

fn add(known: &mut Vec<ForFolder>, folder: &Path, glob: &str) {
    let place = covering(known, folder).unwrap_or_else(|| {
        known.push((folder.to_path_buf(), Vec::new()));
        known.len() - 1
    });
    let (root, globs) = &mut known[place];
    let glob = below(root, folder, glob);
    if !globs.contains(&glob) {
        globs.push(glob);
    }
}

/// Whether one of the folders had it.
fn forget(known: &mut [ForFolder], folders: &[&Path], glob: &str) -> bool {
    let mut had = false;
    for folder in folders {
        let Some(place) = covering(known, folder) else { continue };
        let (root, globs) = &mut known[place];
        let count = globs.len();
        let here = below(root, folder, glob);
        // As it is listed, too, unless it speaks of more than this folder.
        let is_listed = glob.starts_with(&between(root, folder));
        globs.retain(|known| *known != here && (!is_listed || known != glob));
        had |= globs.len() < count;
    }
    had
}

/// A glob for what lies below `folder`, as one for what lies below `root`, which is that folder or
/// above it.
fn below(root: &Path, folder: &Path, glob: &str) -> String {
    let between = between(root, folder);
    if between.is_empty() || Path::new(glob).is_absolute() {
        return glob.to_owned();
    }
    let is_name = !glob.strip_suffix('/').unwrap_or(glob).contains('/');
    match is_name {
        true => format!("{between}/**/{glob}"),
        false => format!("{between}/{glob}"),
    }
}

/// The way from one folder to another one below it, as a glob.
fn between(root: &Path, folder: &Path) -> String {
    let between = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let parts = between.components().map(|part| escape(&part.as_os_str().to_string_lossy()));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_is_what_was_given() {
        let mut known: Vec<ForFolder> = vec![("/p".into(), vec!["raw".to_owned()])];
        let sub = Path::new("/p/2019");
        add(&mut known, sub, "raw");
        add(&mut known, sub, "raw");
        add(&mut known, Path::new("/q"), "x");
        assert_eq!(known[0].1, ["raw", "2019/**/raw"]);
        assert_eq!(known[1], ("/q".into(), vec!["x".to_owned()]));
        assert!(forget(&mut known, &[sub], "raw"));
        assert_eq!(known[0].1, ["raw"]);
        assert!(!forget(&mut known, &[sub], "raw"), "it holds for other folders too");
        add(&mut known, sub, "raw");
        assert!(forget(&mut known, &[sub], "2019/**/raw"), "as it is listed");
        assert!(forget(&mut known, &[Path::new("/p")], "raw"));
        assert!(known[0].1.is_empty());
    }

    #[test]
    fn a_glob_means_the_same_from_further_up() {
        let at = |folder: &str, glob: &str| below(Path::new("/p"), Path::new(folder), glob);
        assert_eq!(at("/p", "raw"), "raw");
        assert_eq!(at("/p/2019", "raw"), "2019/**/raw");
        assert_eq!(at("/p/2019/may", "raw/"), "2019/may/**/raw/");
        assert_eq!(at("/p/2019", "a/*.tif"), "2019/a/*.tif");
        assert_eq!(at("/p/[x]", "a/b"), "[[]x[]]/a/b");
        assert_eq!(at("/p/2019", "/p/2019/a"), "/p/2019/a");
        let rules = Rules::new(&[("/p".into(), vec![at("/p/[x]", "raw")])]).unwrap();
        for (path, expected) in
            [("/p/[x]/raw", true), ("/p/[x]/a/raw", true), ("/p/x/raw", false), ("/p/raw", false)]
        {
            assert_eq!(rules.skips(Path::new(path), true).is_some(), expected, "{path}");
        }
    }
}
