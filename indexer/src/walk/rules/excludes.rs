//! What a person excluded: globs for what lies below a folder.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::IndexError;

/// The globs of one folder.
#[derive(Debug)]
pub(super) struct Excludes {
    folder: PathBuf,
    names: GlobSet,
    relative: GlobSet,
    absolute: GlobSet,
}

impl Excludes {
    /// Compiles globs. `*` and `?` stop at `/`, `**` does not; case is ignored.
    ///
    /// A glob without `/` speaks of any file or folder name; one with `/` of the path below the
    /// folder; one that starts with `/` of the whole path. A folder that matches is left out with
    /// all it holds.
    ///
    /// # Errors
    /// `BadExclude` names the glob that is not one.
    pub(super) fn new(folder: &Path, globs: &[String]) -> Result<Self, IndexError> {
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
        let (names, relative, absolute) = (build(names)?, build(relative)?, build(absolute)?);
        Ok(Self { folder: folder.to_path_buf(), names, relative, absolute })
    }

    /// Whether they hold `path`.
    pub(super) fn hold(&self, path: &Path) -> bool {
        let (Some(name), Ok(below)) = (path.file_name(), path.strip_prefix(&self.folder)) else {
            return false;
        };
        self.names.is_match(name) || self.relative.is_match(below) || self.absolute.is_match(path)
    }
}

fn compile(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build()
}

fn bad(glob: &str, reason: &globset::Error) -> IndexError {
    IndexError::BadExclude { glob: glob.to_owned(), reason: reason.kind().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(globs: &[&str], path: &str) -> bool {
        let globs: Vec<String> = globs.iter().map(|g| (*g).to_owned()).collect();
        Excludes::new(Path::new("/photos"), &globs).unwrap().hold(Path::new(path))
    }

    #[test]
    fn a_glob_without_slash_speaks_of_names_anywhere() {
        assert!(hold(&["*.png"], "/photos/a/b/x.PNG"));
        assert!(hold(&["private"], "/photos/a/private"));
        assert!(hold(&["private/"], "/photos/a/private"));
        assert!(!hold(&["private"], "/photos/a/private things"));
        assert!(!hold(&["private"], "/elsewhere/private"));
    }

    #[test]
    fn a_glob_with_slash_speaks_of_the_path_below_the_folder() {
        assert!(hold(&["2019/raw"], "/photos/2019/raw"));
        assert!(!hold(&["2019/raw"], "/photos/x/2019/raw"));
        assert!(hold(&["**/raw"], "/photos/x/2019/raw"));
        assert!(!hold(&["2019/*"], "/photos/2019/a/b.jpg"));
        assert!(hold(&["2019/**"], "/photos/2019/a/b.jpg"));
    }

    #[test]
    #[cfg(unix)]
    fn a_glob_from_the_top_speaks_of_the_whole_path() {
        assert!(hold(&["/photos/2019"], "/photos/2019"));
        assert!(!hold(&["/2019"], "/photos/2019"));
    }

    #[test]
    fn what_is_no_glob_is_refused_by_name() {
        let error = Excludes::new(Path::new("/p"), &["a[".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("\"a[\""), "{error}");
    }
}
