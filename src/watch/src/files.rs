//! The files of a folder that came as a whole: moved here, or filled before anybody listened.

use std::fs;
use std::path::{Path, PathBuf};

/// All files below `folder` of which `keep` wants to hear, links included; folders that it does not
/// want are not entered. `None` when there are more than `most`.
pub(crate) fn files_below(
    folder: &Path,
    keep: &dyn Fn(&Path) -> bool,
    most: usize,
) -> Option<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        // What cannot be listed is told by whoever looks at the whole.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if !keep(&path) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(_) => found.push(path),
                Err(_) => {}
            }
            if found.len() > most {
                return None;
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_below_and_no_more_than_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(dir.path().join("no")).unwrap();
        for path in ["x.jpg", "a/y.jpg", "a/b/z.jpg", "no/n.jpg"] {
            fs::write(dir.path().join(path), b"x").unwrap();
        }
        let keep = |path: &Path| !path.ends_with("no");
        let mut found = files_below(dir.path(), &keep, 3).unwrap();
        found.sort();
        let expected = ["a/b/z.jpg", "a/y.jpg", "x.jpg"].map(|path| dir.path().join(path));
        assert_eq!(found, expected);
        assert_eq!(files_below(dir.path(), &keep, 2), None);
        assert_eq!(files_below(&dir.path().join("none"), &keep, 2), Some(Vec::new()));
    }
}
