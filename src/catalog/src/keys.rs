//! The trees and their keys. Numbers in keys are big-endian, so that they sort as numbers.

use seer_types::{LibraryPath, ModelFingerprint, PhotoId};

/// The trees of the database, in the order in which they are opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Table {
    /// Photo id -> record.
    Photos,
    /// Chunk of row numbers -> photo ids.
    Rows,
    /// Path -> photo id, root, stamp.
    Files,
    /// Path -> failure.
    Failures,
    /// Model fingerprint, photo id -> row, values.
    Embeddings,
    /// Watermark -> rows touched by that batch.
    Changes,
    /// Path of an indexed folder -> the devices its files lie on.
    Roots,
    /// Model fingerprint -> name, size.
    Models,
    /// "state" -> counters.
    Meta,
}

impl Table {
    pub(crate) const ALL: [Self; 9] = [
        Self::Photos,
        Self::Rows,
        Self::Files,
        Self::Failures,
        Self::Embeddings,
        Self::Changes,
        Self::Roots,
        Self::Models,
        Self::Meta,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Rows => "rows",
            Self::Files => "files",
            Self::Failures => "failures",
            Self::Embeddings => "embeddings",
            Self::Changes => "changes",
            Self::Roots => "roots",
            Self::Models => "models",
            Self::Meta => "meta",
        }
    }
}

const SEPARATOR: u8 = std::path::MAIN_SEPARATOR as u8;

/// The only key of the meta tree.
pub(crate) const STATE: &[u8] = b"state";

/// 16 bytes of fingerprint, 32 bytes of photo id.
pub(crate) fn embedding(model: ModelFingerprint, id: PhotoId) -> [u8; 48] {
    let mut key = [0u8; 48];
    key[..16].copy_from_slice(&model.0);
    key[16..].copy_from_slice(&id.0);
    key
}

/// The photo id of a photo key.
pub(crate) fn photo_id(key: &[u8]) -> Option<PhotoId> {
    key.try_into().ok().map(PhotoId)
}

/// What all paths below `folder` begin with.
pub(crate) fn below(folder: &LibraryPath) -> Vec<u8> {
    let mut prefix = exact(folder);
    if prefix.last() != Some(&SEPARATOR) {
        prefix.push(SEPARATOR);
    }
    prefix
}

/// A path's own key: its bytes, without a separator at the end (the root folder keeps its one).
pub(crate) fn exact(path: &LibraryPath) -> Vec<u8> {
    let mut key = path.to_bytes();
    while key.len() > 1 && key.last() == Some(&SEPARATOR) {
        key.pop();
    }
    key
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

    #[test]
    fn an_embedding_key_is_its_two_ids() {
        let key = embedding(ModelFingerprint([1; 16]), PhotoId([2; 32]));
        assert_eq!(key[..16], [1; 16]);
        assert_eq!(photo_id(&key[16..]), Some(PhotoId([2; 32])));
        assert_eq!(photo_id(&key), None);
    }
}
