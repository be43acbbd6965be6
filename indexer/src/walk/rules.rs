//! Which names are never entered or indexed: hidden, system, thumbnails, and the user's excludes.

use std::ffi::OsStr;
use std::path::Path;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::IndexError;

/// Folders that systems and programs keep beside photos. Compared without regard to ASCII case;
/// names with a leading dot need no mention, being hidden.
const SYSTEM_NAMES: [&str; 11] = [
    "$RECYCLE.BIN",
    "RECYCLER",
    "System Volume Information",
    "#recycle",
    "@Recycle",
    "#snapshot",
    "@Recently-Snapshot",
    "@eaDir",
    "__MACOSX",
    "lost+found",
    "node_modules",
];

/// Folders inside an Apple photo library that hold photos and not derivatives of them.
const APPLE_ORIGINALS: [&str; 2] = ["originals", "Masters"];

/// What the walk leaves out.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    names: GlobSet,
    relative: GlobSet,
    absolute: GlobSet,
}

impl Rules {
    /// Compiles the user's globs. `*` and `?` stop at `/`, `**` does not; case is ignored.
    ///
    /// A glob without `/` speaks of any file or folder name; one with `/` of the path below the
    /// indexed folder; one that starts with `/` of the whole path. A folder that matches is
    /// left out with all it holds.
    ///
    /// # Errors
    /// `BadExclude` names the glob that is not one.
    pub(crate) fn new(globs: &[String]) -> Result<Self, IndexError> {
        let mut names = GlobSetBuilder::new();
        let mut relative = GlobSetBuilder::new();
        let mut absolute = GlobSetBuilder::new();
        for text in globs {
            let pattern = text.strip_suffix('/').unwrap_or(text);
            let glob = compile(pattern).map_err(|reason| bad(text, &reason))?;
            let set = match () {
                () if Path::new(pattern).is_absolute() => &mut absolute,
                () if pattern.contains('/') => &mut relative,
                () => &mut names,
            };
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|e| bad(&globs.join(" "), &e));
        Ok(Self { names: build(names)?, relative: build(relative)?, absolute: build(absolute)? })
    }

    /// Whether `path`, found below the indexed folder `root`, is left out.
    pub(crate) fn skips(&self, path: &Path, root: &Path) -> bool {
        let Some(name) = path.file_name() else { return false };
        is_hidden(name)
            || is_system(name)
            || is_apple_derivative(path, name)
            || self.names.is_match(name)
            || path.strip_prefix(root).is_ok_and(|below| self.relative.is_match(below))
            || self.absolute.is_match(path)
    }
}

fn compile(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build()
}

fn bad(glob: &str, reason: &globset::Error) -> IndexError {
    IndexError::BadExclude { glob: glob.to_owned(), reason: reason.kind().to_string() }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

fn is_system(name: &OsStr) -> bool {
    SYSTEM_NAMES.iter().any(|system| name.eq_ignore_ascii_case(system))
        || has_suffix(name, ".lrdata")
}

/// Previews and databases inside `X.photoslibrary`.
fn is_apple_derivative(path: &Path, name: &OsStr) -> bool {
    let parent = path.parent().and_then(Path::file_name);
    parent.is_some_and(|p| has_suffix(p, ".photoslibrary"))
        && !APPLE_ORIGINALS.iter().any(|o| name.eq_ignore_ascii_case(o))
}

fn has_suffix(name: &OsStr, suffix: &str) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.len() > suffix.len()
        && bytes[bytes.len() - suffix.len()..].eq_ignore_ascii_case(suffix.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skips(globs: &[&str], path: &str) -> bool {
        let globs: Vec<String> = globs.iter().map(|g| (*g).to_owned()).collect();
        Rules::new(&globs).unwrap().skips(Path::new(path), Path::new("/photos"))
    }

    #[test]
    fn hidden_and_system_names_are_left_out() {
        for path in [
            "/photos/.git",
            "/photos/a/._x.jpg",
            "/photos/.Trash-1000",
            "/photos/@eaDir",
            "/photos/@EADIR",
            "/photos/a/System Volume Information",
            "/photos/$Recycle.Bin",
            "/photos/Catalog Previews.lrdata",
            "/photos/My.photoslibrary/resources",
        ] {
            assert!(skips(&[], path), "{path}");
        }
        for path in
            ["/photos/a.jpg", "/photos/eaDir", "/photos/My.photoslibrary/originals", "/photos/.."]
        {
            assert!(!skips(&[], path), "{path}");
        }
    }

    #[test]
    fn a_glob_without_slash_speaks_of_names_anywhere() {
        assert!(skips(&["*.png"], "/photos/a/b/x.PNG"));
        assert!(skips(&["private"], "/photos/a/private"));
        assert!(skips(&["private/"], "/photos/a/private"));
        assert!(!skips(&["private"], "/photos/a/private things"));
    }

    #[test]
    fn a_glob_with_slash_speaks_of_the_path_below_the_folder() {
        assert!(skips(&["2019/raw"], "/photos/2019/raw"));
        assert!(!skips(&["2019/raw"], "/photos/x/2019/raw"));
        assert!(skips(&["**/raw"], "/photos/x/2019/raw"));
        assert!(!skips(&["2019/*"], "/photos/2019/a/b.jpg"));
        assert!(skips(&["2019/**"], "/photos/2019/a/b.jpg"));
    }

    #[test]
    #[cfg(unix)]
    fn a_glob_from_the_top_speaks_of_the_whole_path() {
        assert!(skips(&["/photos/2019"], "/photos/2019"));
        assert!(!skips(&["/2019"], "/photos/2019"));
    }

    #[test]
    fn what_is_no_glob_is_refused_by_name() {
        let error = Rules::new(&["a[".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("\"a[\""), "{error}");
    }
}
