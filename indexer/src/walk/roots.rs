//! The folders and files a run was asked for, made absolute and put in order.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// What one argument of a run turned out to be. Paths are absolute, links in them resolved.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Root {
    /// A folder to walk.
    Folder(PathBuf),
    /// A single file.
    File(PathBuf),
    /// Nothing is there, in these words.
    Missing(PathBuf, String),
    /// Something that cannot be read, and why: no proof that anything is gone.
    Closed(PathBuf, String),
}

impl Root {
    /// The absolute path.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::File(path) => path,
            Self::Missing(path, _) | Self::Closed(path, _) => path,
        }
    }

    /// Looks at the disk.
    pub(crate) fn look(given: &Path) -> Self {
        match fs::metadata(given) {
            Ok(metadata) if metadata.is_dir() => Self::Folder(resolve(given)),
            Ok(metadata) if metadata.is_file() => Self::File(resolve(given)),
            Ok(_) => Self::Closed(resolve(given), "it is neither a folder nor a file".to_owned()),
            Err(error) if is_absent(&error) => Self::Missing(resolve(given), crate::reason(&error)),
            Err(error) => Self::Closed(resolve(given), crate::reason(&error)),
        }
    }

    /// Why nothing can be read there, if that is so.
    pub(crate) fn trouble(&self) -> Option<(&Path, &str)> {
        match self {
            Self::Missing(path, reason) | Self::Closed(path, reason) => Some((path, reason)),
            Self::Folder(_) | Self::File(_) => None,
        }
    }
}

/// Whether the system says that nothing is there, and not only that it cannot look.
fn is_absent(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// All arguments, parents before their children, each once.
pub(crate) fn look_at_all(given: &[PathBuf]) -> Vec<Root> {
    let mut roots: Vec<Root> = given.iter().map(|path| Root::look(path)).collect();
    roots.sort_by(|a, b| a.path().cmp(b.path()));
    roots.dedup_by(|a, b| a.path() == b.path());
    roots
}

/// The path under which a folder or file is indexed: absolute, without links; what does not exist (any more) is kept as named, below the
/// resolved part that does, so that a missing root has the name it was indexed under.
pub fn resolve(given: &Path) -> PathBuf {
    let absolute = std::path::absolute(given).unwrap_or_else(|_| given.to_path_buf());
    if cfg!(windows) {
        return absolute; // canonical paths there have a form that other programs refuse
    }
    for existing in absolute.ancestors() {
        let Ok(real) = fs::canonicalize(existing) else { continue };
        let rest = absolute.strip_prefix(existing).unwrap_or(Path::new(""));
        return append(real, rest);
    }
    absolute
}

fn append(mut path: PathBuf, rest: &Path) -> PathBuf {
    for part in rest.components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_keeps_its_name_below_what_exists() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let root = Root::look(&dir.path().join("gone/./deeper/../x"));
        assert!(
            matches!(&root, Root::Missing(path, _) if *path == base.join("gone/x")),
            "{root:?}"
        );
    }

    #[test]
    fn parents_come_first_and_doubles_go() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let (inner, file) = (base.join("inner"), base.join("a.jpg"));
        fs::create_dir(&inner).unwrap();
        fs::write(&file, b"x").unwrap();
        let again = base.join("inner/..");
        let roots = look_at_all(&[inner.clone(), file.clone(), base.clone(), again]);
        assert_eq!(roots, [Root::Folder(base), Root::File(file), Root::Folder(inner)]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_a_folder_is_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().canonicalize().unwrap().join("real");
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, dir.path().join("link")).unwrap();
        assert_eq!(Root::look(&dir.path().join("link")), Root::Folder(real));
    }
}
