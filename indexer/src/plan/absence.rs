//! Which files that were not found may be concluded to be gone.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use seer_engine::KnownFile;
use seer_types::LibraryPath;

use super::devices::Held;
use crate::walk::{Root, Walk};

/// What is known about where files may be missing for another reason than deletion.
pub(crate) struct Absence<'a> {
    run_roots: Vec<&'a Path>,
    unread: Vec<&'a Path>,
    /// Folders that lost all their pictures at once: rather unmounted than emptied.
    emptied: Vec<PathBuf>,
    missing: Vec<&'a Path>,
    held: &'a [Held],
    /// What rules leave out: what is known there is no longer part of the library.
    left_out: HashSet<&'a Path>,
    prune: bool,
}

impl<'a> Absence<'a> {
    /// `pictures` are the found ones, sorted by path; `stored_roots` are the folders that the
    /// known files were indexed under.
    pub(crate) fn new(
        roots: &'a [Root],
        walk: &'a Walk,
        stored_roots: &HashSet<LibraryPath>,
        pictures: &[&Path],
        prune: bool,
        held: &'a [Held],
    ) -> Self {
        let folders = |root: &'a Root| matches!(root, Root::Folder(_)).then(|| root.path());
        let run_roots: Vec<&Path> = roots.iter().filter_map(folders).collect();
        let missing =
            roots.iter().filter(|r| matches!(r, Root::Missing(..))).map(Root::path).collect();
        let closed = roots.iter().filter(|r| matches!(r, Root::Closed(..))).map(Root::path);
        let stored = stored_roots
            .iter()
            .map(LibraryPath::as_path)
            .filter(|stored| run_roots.iter().any(|root| stored.starts_with(root)));
        let mut emptied: Vec<PathBuf> = run_roots
            .iter()
            .copied()
            .chain(walk.linked_folders.iter().map(PathBuf::as_path))
            .chain(stored)
            .filter(|folder| !holds_any(pictures, folder))
            .map(Path::to_path_buf)
            .collect();
        emptied.sort();
        emptied.dedup();
        let unread = walk.unread.iter().map(|unread| unread.path.as_path());
        let unread = unread.chain(closed).collect();
        let left_out = walk.left_out.iter().map(|left| left.path.as_path()).collect();
        Self { run_roots, unread, emptied, missing, held, left_out, prune }
    }

    /// Of the known files that the walk did not find, those that are gone, sorted by path.
    /// Adds a notice for each folder whose files are kept.
    pub(crate) fn gone(&self, absent: Vec<KnownFile>, notices: &mut Vec<String>) -> Vec<KnownFile> {
        let mut kept: BTreeMap<&Path, u64> = BTreeMap::new();
        let mut gone = Vec::new();
        for file in absent {
            if self.is_below_unread(&file) || self.is_explicit_below(&file) {
                continue;
            }
            if self.is_left_out(file.path.as_path()) {
                gone.push(file);
                continue;
            }
            match self.emptied_above(file.path.as_path()) {
                Some(folder) if !self.prune => *kept.entry(folder).or_default() += 1,
                _ if self.is_below_missing(&file) && !self.prune => {}
                _ if self.is_held(&file) && !self.prune => {}
                _ => gone.push(file),
            }
        }
        if !self.prune {
            let not_empty = |held: &&Held| !kept.contains_key(held.folder.as_path());
            notices.extend(self.held.iter().filter(not_empty).map(held_notice));
        }
        notices.extend(kept.iter().map(|(folder, files)| emptied_notice(folder, *files)));
        gone.sort_by(|a, b| a.path.cmp(&b.path));
        gone
    }

    fn is_below_unread(&self, file: &KnownFile) -> bool {
        self.unread.iter().any(|path| file.path.as_path().starts_with(path))
    }

    /// The disk was seen to hold it, or a folder above it, and a rule leaves that out.
    fn is_left_out(&self, path: &Path) -> bool {
        !self.left_out.is_empty() && path.ancestors().any(|above| self.left_out.contains(above))
    }

    fn is_below_missing(&self, file: &KnownFile) -> bool {
        self.missing.iter().any(|path| file.path.as_path().starts_with(path))
    }

    fn is_held(&self, file: &KnownFile) -> bool {
        self.held.iter().any(|held| file.path.as_path().starts_with(&held.folder))
    }

    /// Indexed by its own root further down (a hidden folder, say), which this run, walking from
    /// further up, does not enter: gone only if it is no longer there.
    fn is_explicit_below(&self, file: &KnownFile) -> bool {
        let root = file.root.as_path();
        let further_down = self.run_roots.iter().any(|run| root.starts_with(run))
            && !self.run_roots.contains(&root);
        further_down && file.path.as_path().exists()
    }

    fn emptied_above(&self, path: &Path) -> Option<&Path> {
        self.emptied.iter().find(|folder| path.starts_with(folder)).map(PathBuf::as_path)
    }
}

/// Whether any of the sorted `pictures` lies below `folder` (descendants follow it in order).
fn holds_any(pictures: &[&Path], folder: &Path) -> bool {
    let first = pictures.partition_point(|picture| *picture < folder);
    pictures.get(first).is_some_and(|picture| picture.starts_with(folder))
}

fn emptied_notice(folder: &Path, files: u64) -> String {
    let noun = if files == 1 { "file" } else { "files" };
    format!(
        "{} has no pictures any more, but the library knows {files} {noun} there: nothing was removed; if they are really gone, run again with --prune",
        folder.display()
    )
}

fn held_notice(held: &Held) -> String {
    let Held { folder, known, found } = held;
    format!(
        "{} is on another drive than before, and only {found} of its {known} photos are there: nothing was removed; connect its drive, or if they are really gone, run again with --prune",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descendants_are_found_by_order() {
        let pictures = ["/a/b.jpg", "/a-b/x.jpg", "/c/d/e.jpg"].map(Path::new);
        let mut sorted = pictures.to_vec();
        sorted.sort();
        for (folder, expected) in [
            ("/a", true),
            ("/a-b", true),
            ("/c", true),
            ("/c/d", true),
            ("/b", false),
            ("/d", false),
        ] {
            assert_eq!(holds_any(&sorted, Path::new(folder)), expected, "{folder}");
        }
    }

    #[test]
    fn one_file_is_a_file() {
        assert!(emptied_notice(Path::new("/p"), 1).contains("knows 1 file there"));
    }
}
