//! Paths as keys: their bytes.

use seer_types::LibraryPath;

const SEPARATOR: u8 = std::path::MAIN_SEPARATOR as u8;

/// A path's own key: its bytes, without a separator at the end (the root folder keeps its one).
pub fn exact(path: &LibraryPath) -> Vec<u8> {
    let mut key = path.to_bytes();
    while key.len() > 1 && key.last() == Some(&SEPARATOR) {
        key.pop();
    }
    key
}

/// What the keys of all paths below `folder` begin with.
pub fn below(folder: &LibraryPath) -> Vec<u8> {
    let mut prefix = exact(folder);
    if prefix.last() != Some(&SEPARATOR) {
        prefix.push(SEPARATOR);
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_prefixes_with_one_separator() {
        let sep = std::path::MAIN_SEPARATOR;
        for text in ["photos", &format!("photos{sep}"), &format!("photos{sep}{sep}")] {
            let path = LibraryPath::new(text);
            assert_eq!(below(&path), format!("photos{sep}").into_bytes());
            assert_eq!(exact(&path), b"photos");
        }
        assert_eq!(below(&LibraryPath::new(sep.to_string())), [sep as u8]);
    }
}
