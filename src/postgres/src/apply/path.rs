//! Keys of paths.

use seer_types::LibraryPath;

const SEPARATOR: u8 = std::path::MAIN_SEPARATOR as u8;

/// A path's bytes, without a separator at the end (the root folder keeps its one).
pub(crate) fn exact(path: &LibraryPath) -> Vec<u8> {
    let mut bytes = path.to_bytes();
    while bytes.len() > 1 && bytes.last() == Some(&SEPARATOR) {
        bytes.pop();
    }
    bytes
}

/// What all paths below `folder` begin with.
pub(crate) fn below(folder: &LibraryPath) -> Vec<u8> {
    let mut prefix = exact(folder);
    if prefix.last() != Some(&SEPARATOR) {
        prefix.push(SEPARATOR);
    }
    prefix
}

/// The key of a path's row, from its exact bytes: paths may be longer than an index allows.
pub(crate) fn key(exact: &[u8]) -> Vec<u8> {
    blake3::hash(exact).as_bytes().to_vec()
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
