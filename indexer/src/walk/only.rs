//! A walk that goes to certain files and nowhere else.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use seer_images::{FileKind, Neighbours, file_kind, sidecar_kind};

use super::{Identity, Root, Rules, Walk, Walker};
use crate::sidecars::folder_of;

impl Walker<'_> {
    /// Looks at these files as a walk of the roots would that met no others. For a file that
    /// speaks of photos beside it, it looks at those. What is not there is passed over.
    pub(crate) fn walk_only(mut self, roots: &[Root], files: &[PathBuf]) -> Walk {
        let (mut way, mut listed) = (Way::default(), HashSet::new());
        for path in files {
            if self.cancel.is_cancelled() {
                break;
            }
            let Some((index, root)) = innermost(roots, path) else { continue };
            if !self.is_open(root, &folder_of(path), &mut way) {
                continue;
            }
            for photo in spoken_of(path) {
                self.look_at(&photo, index, &mut listed);
            }
            self.look_at(path, index, &mut listed);
        }
        self.finish()
    }

    fn look_at(&mut self, path: &Path, root: usize, listed: &mut HashSet<PathBuf>) {
        let Ok(metadata) = path.symlink_metadata() else { return };
        if metadata.is_dir() || self.leaves_out(path, false) {
            return;
        }
        if metadata.is_symlink() {
            self.links.push_back((path.to_path_buf(), root));
        } else if metadata.is_file() && file_kind(path) == FileKind::Other {
            self.other(path);
        } else if metadata.is_file() {
            if let Some(identity) = Identity::of(path, &metadata) {
                self.files.insert(identity);
            }
            if listed.insert(folder_of(path)) {
                self.sidecars.note_all_beside(path);
            }
            self.found(path, root, &metadata);
        }
    }

    /// Whether a walk from `root` would come into `folder` below it.
    fn is_open(&mut self, root: &Path, folder: &Path, way: &mut Way) -> bool {
        if folder == root || way.open.contains(folder) {
            return true;
        }
        if way.closed.contains(folder) {
            return false;
        }
        let above = folder_of(folder);
        let open = self.is_open(root, &above, way) && self.would_enter(folder);
        let known = if open { &mut way.open } else { &mut way.closed };
        known.insert(folder.to_path_buf());
        open
    }

    fn would_enter(&mut self, folder: &Path) -> bool {
        let Ok(metadata) = folder.symlink_metadata() else { return false };
        let identity = Identity::of(folder, &metadata);
        metadata.is_dir()
            && !self.leaves_out(folder, true)
            && identity.is_none_or(|identity| !self.is_library(folder, &identity))
    }
}

/// Folders that were looked at on the way.
#[derive(Default)]
struct Way {
    open: HashSet<PathBuf>,
    closed: HashSet<PathBuf>,
}

/// The innermost of the folders that a file lies in.
fn innermost<'r>(roots: &'r [Root], file: &Path) -> Option<(usize, &'r Path)> {
    let folders = roots.iter().enumerate().filter(|(_, root)| matches!(root, Root::Folder(_)));
    let above = folders.filter(|(_, root)| file.starts_with(root.path()) && file != root.path());
    let innermost = above.max_by_key(|(_, root)| root.path().components().count());
    innermost.map(|(index, root)| (index, root.path()))
}

/// The photos beside a file that it speaks of, if it is one that does, whether it is there or not.
fn spoken_of(sidecar: &Path) -> Vec<PathBuf> {
    let Some(name) = sidecar.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    if sidecar_kind(name).is_none() {
        return Vec::new();
    }
    let alone = Neighbours::new([name.to_owned()]);
    let entries = fs::read_dir(folder_of(sidecar)).into_iter().flatten().flatten();
    let photos = entries.map(|entry| entry.path()).filter(|path| {
        let of = path.file_name().and_then(|name| name.to_str()).map(|name| alone.of(name));
        file_kind(path) != FileKind::Other && of.is_some_and(|sidecars| !sidecars.is_empty())
    });
    photos.collect()
}

/// What of an indexed folder somebody who watches it wants to hear of.
pub struct Wanted {
    rules: Rules,
    library: PathBuf,
}

impl Wanted {
    /// By the rules of every walk and by what folders leave out; nothing of the library's own folder.
    ///
    /// # Errors
    /// `BadExclude`.
    pub fn new(
        excludes: &[(PathBuf, Vec<String>)],
        library: &Path,
    ) -> Result<Self, crate::IndexError> {
        Ok(Self { rules: Rules::new(excludes)?, library: super::resolve(library) })
    }

    /// Whether a place below `root` may be a photo, a file that speaks of one, or a folder with some.
    /// By its name, and those of the folders above: nothing is read.
    pub fn is(&self, root: &Path, path: &Path) -> bool {
        if path.starts_with(&self.library) {
            return false;
        }
        let is_left_out = |folder: &Path| self.rules.skips(folder, true).is_some();
        let between = path.ancestors().skip(1).take_while(|folder| *folder != root);
        // What it is, is not known: it may be a folder named like a file that is left out.
        self.rules.skips(path, false).is_none()
            && !is_left_out(path)
            && !between.into_iter().any(is_left_out)
            && (file_kind(path) != FileKind::Other || is_sidecar(path))
    }

    /// Whether a file that changed is worth a run: it is there, or spoke of photos.
    pub fn matters(&self, file: &Path) -> bool {
        is_sidecar(file) || file.symlink_metadata().is_ok()
    }
}

fn is_sidecar(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| sidecar_kind(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_watcher_wants_to_hear_of_is_told_by_names() {
        let excludes = [(PathBuf::from("/p"), vec!["raw/".to_owned(), "*.gif".to_owned()])];
        let wanted = Wanted::new(&excludes, Path::new("/p/library")).unwrap();
        for (path, is) in [
            ("/p/a.jpg", true),
            ("/p/sub", true),
            ("/p/sub/a.jpg.xmp", true),
            ("/p/without-ending", true),
            ("/p/a.gif", false),
            ("/p/notes.txt", false),
            ("/p/.hidden/a.jpg", false),
            ("/p/a.jpg.part", false),
            ("/p/sub/raw/a.jpg", false),
            ("/p/library/thumbnails/a.jpg", false),
            ("/p/library", false),
        ] {
            assert_eq!(wanted.is(Path::new("/p"), Path::new(path)), is, "{path}");
        }
        // Folders above the indexed one are no matter.
        assert!(
            Wanted::new(&[], Path::new("/l"))
                .unwrap()
                .is(Path::new("/.x/p"), Path::new("/.x/p/a.jpg"))
        );
        assert!(Wanted::new(&[], Path::new("/l")).unwrap().matters(Path::new("/no/a.jpg.xmp")));
        assert!(!Wanted::new(&[], Path::new("/l")).unwrap().matters(Path::new("/no/a.jpg")));
    }
}
