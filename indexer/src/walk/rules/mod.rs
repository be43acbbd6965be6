//! What is no photo of the person's own, and what the person excluded: never entered, never read.
//!
//! A rule looks at names alone, a folder's marker apart; it takes a folder with all it holds. What
//! a person names on the command line is walked whatever its name.

mod apple;
mod excludes;
mod kind;
mod names;

use std::path::{Path, PathBuf};

pub use kind::SkipRule;

use crate::IndexError;
use excludes::Excludes;

/// What the walk leaves out.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    excludes: Vec<Excludes>,
}

impl Rules {
    /// Those of every walk, and globs for what lies below certain folders (absolute paths). What a
    /// glob means is told in [`crate::IndexOptions`].
    ///
    /// # Errors
    /// `BadExclude` names the glob that is not one.
    pub(crate) fn new(excludes: &[(PathBuf, Vec<String>)]) -> Result<Self, IndexError> {
        let with_globs = excludes.iter().filter(|(_, globs)| !globs.is_empty());
        let compiled = with_globs.map(|(folder, globs)| Excludes::new(folder, globs));
        Ok(Self { excludes: compiled.collect::<Result<_, _>>()? })
    }

    /// The rule by which a file or folder below an indexed folder is left out; `None` for what is
    /// kept.
    pub(crate) fn skips(&self, path: &Path, is_folder: bool) -> Option<SkipRule> {
        let name = path.file_name()?;
        let by_name = match is_folder {
            true => names::of_folder(name).or_else(|| names::of_any(name)),
            false => names::of_file(name).or_else(|| names::of_any(name)),
        };
        by_name.or_else(|| apple::derivative(path)).or_else(|| {
            self.excludes.iter().any(|set| set.hold(path)).then_some(SkipRule::Excluded)
        })
    }

    /// The rule by which a folder is left out for a file that lies in it.
    pub(crate) fn marker(folder: &Path) -> Option<SkipRule> {
        let is_there = |name: &&str| folder.join(name).symlink_metadata().is_ok();
        names::MARKERS.into_iter().find(is_there).map(|_| SkipRule::Marked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(path: &str, is_folder: bool) -> Option<SkipRule> {
        Rules::default().skips(Path::new(path), is_folder)
    }

    #[test]
    fn folders_that_systems_and_programs_keep_for_themselves() {
        for (path, expected) in [
            ("/p/.git", SkipRule::Hidden),
            ("/p/.Trash-1000", SkipRule::Hidden),
            ("/p/.picasaoriginals", SkipRule::Hidden),
            ("/p/@eaDir", SkipRule::Storage),
            ("/p/@EADIR", SkipRule::Storage),
            ("/p/.@__thumb", SkipRule::Hidden),
            ("/p/a/System Volume Information", SkipRule::System),
            ("/p/$Recycle.Bin", SkipRule::System),
            ("/p/__MACOSX", SkipRule::ResourceFork),
            ("/p/Catalog Previews.lrdata", SkipRule::Lightroom),
            ("/p/Shoot.cocatalogdb", SkipRule::CaptureOne),
            ("/p/a.download", SkipRule::Unfinished),
            ("/p/My.photoslibrary/resources", SkipRule::AppleLibrary),
        ] {
            assert_eq!(rule(path, true), Some(expected), "{path}");
        }
        for path in ["/p/eaDir", "/p/download", "/p/a.jpg", "/p/My.photoslibrary", "/p/.."] {
            assert_eq!(rule(path, true), None, "{path}");
        }
    }

    #[test]
    fn files_that_are_no_photos_of_their_own() {
        for (path, expected) in [
            ("/p/._x.jpg", SkipRule::ResourceFork),
            ("/p/.hidden.jpg", SkipRule::Hidden),
            ("/p/a.jpg~", SkipRule::Backup),
            ("/p/a.jpg.bak", SkipRule::Backup),
            ("/p/a.jpg.~1~", SkipRule::Backup),
            ("/p/a.jpg_original", SkipRule::Backup),
            ("/p/a.JPG.ORIG", SkipRule::Backup),
            ("/p/#a.jpg#", SkipRule::Backup),
            ("/p/~$a.jpg", SkipRule::Unfinished),
            ("/p/a.jpg.crdownload", SkipRule::Unfinished),
            ("/p/a.jpg.part", SkipRule::Unfinished),
            ("/p/a.jpg.!qB", SkipRule::Unfinished),
            ("/p/a.jpg.filepart", SkipRule::Unfinished),
            ("/p/a.jpg.tmp", SkipRule::Unfinished),
            ("/p/SYNOPHOTO_THUMB_XL.jpg", SkipRule::Storage),
            ("/p/Thumbs.db", SkipRule::System),
        ] {
            assert_eq!(rule(path, false), Some(expected), "{path}");
        }
        for path in [
            "/p/a.jpg",
            "/p/original.jpg",
            "/p/a_original.jpg",
            "/p/bak",
            "/p/part.jpg",
            "/p/~a.jpg",
            "/p/a~1.jpg",
            "/p/a.xcf",
        ] {
            assert_eq!(rule(path, false), None, "{path}");
        }
    }

    #[test]
    fn each_rule_has_a_name_of_its_own() {
        let mut names: Vec<&str> = SkipRule::ALL.iter().map(|rule| rule.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SkipRule::ALL.len());
    }
}
