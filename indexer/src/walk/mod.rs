//! Finds the files below the indexed folders. Reads names and metadata only, writes nothing.
//!
//! Real folders are walked first and links to folders and files afterwards, so that a file that
//! can be reached both ways is known by its real path, and every file is found once.

mod beside;
mod explain;
mod found;
mod identity;
mod only;
mod roots;
mod rules;

use std::collections::{HashSet, VecDeque};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use seer_engine::{device, stamp};
use seer_images::{FileKind, file_kind};
use seer_types::{DevicePlace, LibraryPath};
use walkdir::{DirEntry, WalkDir};

use beside::SeenSidecars;
pub use explain::{Skipped, explain_skips};
pub(crate) use found::{FoundFile, LeftOut, Unread, Walk};
pub(crate) use identity::Identity;
pub use only::Wanted;
pub use roots::resolve;
pub(crate) use roots::{Root, look_at_all};
pub(crate) use rules::Rules;
pub use rules::SkipRule;

use crate::Cancel;

/// Walks one set of roots.
pub(crate) struct Walker<'a> {
    rules: &'a Rules,
    skipped: Option<Identity>,
    cancel: &'a Cancel,
    on_seen: &'a dyn Fn(u64),
    folders: HashSet<Identity>,
    files: HashSet<Identity>,
    links: VecDeque<(PathBuf, usize)>,
    sidecars: SeenSidecars,
    on_other: Option<&'a mut dyn FnMut(&Path)>,
    walk: Walk,
}

impl<'a> Walker<'a> {
    /// `library` is a folder never entered; `on_seen` hears how many files were seen so far.
    pub(crate) fn new(
        rules: &'a Rules,
        library: &Path,
        cancel: &'a Cancel,
        on_seen: &'a dyn Fn(u64),
    ) -> Self {
        let skipped = fs::metadata(library).ok().and_then(|m| Identity::of(library, &m));
        Self {
            rules,
            skipped,
            cancel,
            on_seen,
            folders: HashSet::new(),
            files: HashSet::new(),
            links: VecDeque::new(),
            sidecars: SeenSidecars::default(),
            on_other: None,
            walk: Walk::default(),
        }
    }

    /// `told` hears of every file that is no picture by its extension.
    pub(crate) fn telling_others(mut self, told: &'a mut dyn FnMut(&Path)) -> Self {
        self.on_other = Some(told);
        self
    }

    /// Walks all roots; after a cancel the result is incomplete and must not be used to
    /// conclude that anything is gone.
    pub(crate) fn walk(mut self, roots: &[Root]) -> Walk {
        for (index, root) in roots.iter().enumerate() {
            match root {
                Root::Folder(path) => {
                    if Rules::marker(path).is_some() {
                        self.walk.marked_roots.push(path.clone());
                    }
                    self.folder(path, index);
                }
                Root::File(path) => self.single(path, index),
                Root::Missing(..) | Root::Closed(..) => {}
            }
        }
        self.finish()
    }

    /// After what lies there itself: the links, and what files beside photos say.
    fn finish(mut self) -> Walk {
        while let Some((link, root)) = self.links.pop_front() {
            self.follow(&link, root);
        }
        self.walk.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.walk.files.dedup_by(|a, b| a.path == b.path);
        self.walk.sidecars = self.sidecars.give(&mut self.walk.files);
        self.walk
    }

    /// Walks a real folder; links on the way are put off.
    fn folder(&mut self, start: &Path, root: usize) {
        let linked = self.walk.linked_folders.last().is_some_and(|link| link == start);
        // Device numbers of the folders from the start down to the one walked.
        let mut devices: Vec<u64> = Vec::new();
        let mut entries = WalkDir::new(start).follow_links(false).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            if self.cancel.is_cancelled() {
                return;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unread(error.path().unwrap_or(start), &error);
                    continue;
                }
            };
            let below = entry.depth() > 0;
            if below && self.leaves_out(entry.path(), entry.file_type().is_dir()) {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
            } else if entry.file_type().is_dir() || !below {
                match self.enters(&entry) {
                    Some(metadata) => {
                        devices.truncate(entry.depth());
                        self.note_device(&entry, &metadata, &mut devices, linked && !below);
                    }
                    None => entries.skip_current_dir(),
                }
            } else if entry.file_type().is_symlink() {
                self.links.push_back((entry.into_path(), root));
            } else if entry.file_type().is_file() {
                self.real_file(&entry, root);
            }
        }
    }

    /// Whether a rule takes a file or folder; notes it then.
    fn leaves_out(&mut self, path: &Path, is_folder: bool) -> bool {
        if !is_folder {
            // Those that a person excludes from the photos speak of photos all the same.
            self.sidecars.note(path);
        }
        let marked = || is_folder.then(|| Rules::marker(path)).flatten();
        let rule = self.rules.skips(path, is_folder).or_else(marked);
        if let Some(rule) = rule {
            self.walk.left_out.push(LeftOut { path: path.to_path_buf(), rule, is_folder });
        }
        rule.is_some()
    }

    /// A folder's metadata when it is neither the library's own nor walked already.
    fn enters(&mut self, entry: &DirEntry) -> Option<Metadata> {
        // A root is walked as the folder it leads to, also when its name is a link.
        match fs::metadata(entry.path()) {
            Ok(metadata) => {
                let is_new = Identity::of(entry.path(), &metadata).is_none_or(|identity| {
                    !self.is_library(entry.path(), &identity) && self.folders.insert(identity)
                });
                is_new.then_some(metadata)
            }
            Err(error) => {
                self.unread(entry.path(), &error);
                None
            }
        }
    }

    /// Whether this is the library's own folder; notes it then.
    fn is_library(&mut self, path: &Path, identity: &Identity) -> bool {
        let is_library = self.skipped.as_ref() == Some(identity);
        if is_library {
            let path = path.to_path_buf();
            self.walk.left_out.push(LeftOut { path, rule: SkipRule::Library, is_folder: true });
        }
        is_library
    }

    /// Notes where a walk starts, and where another device begins below it.
    fn note_device(
        &mut self,
        entry: &DirEntry,
        metadata: &Metadata,
        above: &mut Vec<u64>,
        linked: bool,
    ) {
        let number = device_number(metadata);
        if above.last() != Some(&number)
            && let Some(device) = device(entry.path(), metadata)
        {
            let path = LibraryPath::from(entry.path());
            self.walk.places.push(DevicePlace { path, device, linked });
        }
        above.push(number);
    }

    fn real_file(&mut self, entry: &DirEntry, root: usize) {
        if file_kind(entry.path()) == FileKind::Other {
            self.other(entry.path());
            return;
        }
        match entry.metadata() {
            Ok(metadata) => {
                if let Some(identity) = Identity::of(entry.path(), &metadata) {
                    self.files.insert(identity);
                }
                self.found(entry.path(), root, &metadata);
            }
            Err(error) => self.unread(entry.path(), &error),
        }
    }

    /// A file named by the user: indexed whatever its name or folder.
    fn single(&mut self, path: &Path, root: usize) {
        match fs::metadata(path) {
            Ok(metadata) => {
                if let Some(identity) = Identity::of(path, &metadata) {
                    self.files.insert(identity);
                }
                self.sidecars.note_all_beside(path);
                self.found(path, root, &metadata);
            }
            Err(error) => self.unread(path, &error),
        }
    }

    /// A link met on the way, after all real folders.
    fn follow(&mut self, link: &Path, root: usize) {
        if self.cancel.is_cancelled() {
            return;
        }
        let metadata = match fs::metadata(link) {
            Ok(metadata) => metadata,
            Err(error) => return self.unread(link, &error),
        };
        let Some(identity) = Identity::of(link, &metadata) else { return };
        if metadata.is_dir() {
            if self.leaves_out(link, true) {
            } else if !self.folders.contains(&identity) && !self.is_library(link, &identity) {
                self.walk.linked_folders.push(link.to_path_buf());
                self.folder(link, root);
            }
        } else if metadata.is_file() {
            if file_kind(link) == FileKind::Other {
                self.other(link);
            } else if self.files.insert(identity) {
                self.found(link, root, &metadata);
            }
        }
    }

    fn found(&mut self, path: &Path, root: usize, metadata: &Metadata) {
        self.walk.files.push(FoundFile {
            path: path.to_path_buf(),
            root,
            stamp: stamp(path, metadata),
            surely_picture: file_kind(path) == FileKind::Picture,
        });
        self.seen();
    }

    fn other(&mut self, path: &Path) {
        if let Some(told) = &mut self.on_other {
            told(path);
        }
        self.walk.other += 1;
        self.seen();
    }

    fn seen(&self) {
        (self.on_seen)(self.walk.files.len() as u64 + self.walk.other);
    }

    fn unread(&mut self, path: &Path, error: &dyn IntoReason) {
        self.walk.unread.push(Unread { path: path.to_path_buf(), reason: error.reason() });
    }
}

#[cfg(unix)]
fn device_number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(metadata)
}

#[cfg(not(unix))]
fn device_number(_metadata: &Metadata) -> u64 {
    0
}

/// The two error types a walk meets, as a reason in words without the path.
trait IntoReason {
    fn reason(&self) -> String;
}

impl IntoReason for std::io::Error {
    fn reason(&self) -> String {
        crate::reason(self)
    }
}

impl IntoReason for walkdir::Error {
    fn reason(&self) -> String {
        match self.io_error() {
            Some(error) => crate::reason(error),
            None => self.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
