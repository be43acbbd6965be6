//! Where this machine sees folders that were indexed under other paths.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use seer_store::Change;
use seer_types::{LibraryPath, PhotoRecord};

/// Folders of a library that several machines share, and where they are mounted here.
#[derive(Clone, Debug, Default)]
pub struct PathMap {
    /// Longest first.
    mounts: Vec<Mount>,
}

/// A folder as it was indexed, and where this machine sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// As it was indexed.
    indexed: PathBuf,
    /// Here.
    here: PathBuf,
}

impl FromStr for Mount {
    type Err = String;

    /// Reads `/photos=/mnt/nas/photos`.
    fn from_str(text: &str) -> Result<Self, String> {
        let error = || {
            format!(
                "\"{text}\" is no pair of folders: write the path that was indexed, =, and the path \
                 here, both absolute, such as /photos=/mnt/nas/photos"
            )
        };
        let (indexed, here) = text.split_once('=').ok_or_else(error)?;
        let (indexed, here) = (PathBuf::from(indexed), PathBuf::from(here));
        match indexed.is_absolute() && here.is_absolute() {
            true => Ok(Self { indexed, here }),
            false => Err(error()),
        }
    }
}

impl PathMap {
    /// Of the mounts that hold a path the one with the longest indexed path counts.
    pub fn new(mut mounts: Vec<Mount>) -> Self {
        mounts.sort_by_key(|mount| std::cmp::Reverse(mount.indexed.components().count()));
        Self { mounts }
    }

    /// Where a path of the library is on this machine.
    pub fn here(&self, path: &LibraryPath) -> PathBuf {
        let path: &Path = path.as_path();
        let found = self.mounts.iter().find_map(|mount| moved(path, &mount.indexed, &mount.here));
        found.unwrap_or_else(|| path.to_path_buf())
    }

    /// The path by which the library knows a file or folder of this machine. Of the mounts that
    /// hold it the one with the longest path here counts.
    pub fn indexed(&self, path: &LibraryPath) -> LibraryPath {
        let holding = self.mounts.iter().filter(|mount| path.as_path().starts_with(&mount.here));
        let longest = holding.max_by_key(|mount| mount.here.components().count());
        let found = longest.and_then(|mount| moved(path.as_path(), &mount.here, &mount.indexed));
        found.map_or_else(|| path.clone(), LibraryPath::new)
    }

    /// Makes a path of the library one of this machine.
    pub(crate) fn bring_here(&self, path: &mut LibraryPath) {
        if !self.mounts.is_empty() {
            *path = LibraryPath::new(self.here(path));
        }
    }

    /// Makes the paths of changes, which are of this machine, those of the library.
    pub(crate) fn as_indexed(&self, changes: &mut [Change]) {
        if self.mounts.is_empty() {
            return;
        }
        let set = |path: &mut LibraryPath| *path = self.indexed(path);
        for change in changes {
            match change {
                Change::Photo { file, .. } | Change::Link { file, .. } => {
                    set(&mut file.path);
                    set(&mut file.root);
                }
                Change::Failed(failure) => {
                    set(&mut failure.path);
                    set(&mut failure.root);
                }
                Change::Unlink { path } => set(path),
                Change::Points { .. }
                | Change::FirstSeen { .. }
                | Change::Told { .. }
                | Change::Analysed { .. } => {}
            }
        }
    }

    /// A record whose files lie where this machine sees them.
    pub fn record_here(&self, mut record: PhotoRecord) -> PhotoRecord {
        for file in &mut record.files {
            self.bring_here(&mut file.path);
            self.bring_here(&mut file.root);
        }
        record
    }
}

/// A path below `from`, or `from` itself, as the same below `to`; `None` when it is not there.
fn moved(path: &Path, from: &Path, to: &Path) -> Option<PathBuf> {
    let below = path.strip_prefix(from).ok()?;
    Some(if below.as_os_str().is_empty() { to.to_path_buf() } else { to.join(below) })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn map(pairs: &[&str]) -> PathMap {
        PathMap::new(pairs.iter().map(|pair| pair.parse().unwrap()).collect())
    }

    #[test]
    fn whole_names_are_mapped_and_the_longest_counts() {
        let map = map(&["/photos=/mnt/nas", "/photos/private=/secret"]);
        let here = |path: &str| map.here(&LibraryPath::new(path)).display().to_string();
        assert_eq!(here("/photos/2019/a.jpg"), "/mnt/nas/2019/a.jpg");
        assert_eq!(here("/photos"), "/mnt/nas");
        assert_eq!(here("/photos/private/b.jpg"), "/secret/b.jpg");
        assert_eq!(here("/photos2/c.jpg"), "/photos2/c.jpg");
        assert_eq!(here("/photos/private.jpg"), "/mnt/nas/private.jpg");
    }

    #[test]
    fn a_path_here_is_known_by_the_mount_it_lies_in() {
        let map = map(&["/photos=/mnt/nas", "/private=/mnt/nas/private"]);
        for (here, indexed) in [
            ("/mnt/nas/2019/a.jpg", "/photos/2019/a.jpg"),
            ("/mnt/nas", "/photos"),
            ("/mnt/nas/private/b.jpg", "/private/b.jpg"),
            ("/mnt/nas2/c.jpg", "/mnt/nas2/c.jpg"),
        ] {
            assert_eq!(map.indexed(&LibraryPath::new(here)), LibraryPath::new(indexed));
        }
    }

    #[test]
    fn what_is_no_pair_is_refused_with_an_example() {
        for text in ["/photos", "photos=/mnt", "/photos=mnt", "=/mnt", ""] {
            assert!(text.parse::<Mount>().unwrap_err().contains("/mnt/nas"), "{text}");
        }
    }
}
