//! The trees and their keys. Numbers in keys are big-endian, so that they sort as numbers.

use seer_store::Part;
pub(crate) use seer_store::paths::{below, exact};
use seer_types::{ModelFingerprint, PhotoId};

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
    /// Model fingerprint, photo id, part -> row of the photo, row, values.
    Parts,
    /// Name of an analysis, photo id -> version.
    Analyses,
    /// Name of an album -> query, order, most photos.
    Albums,
    /// Name of a setting -> its value, both as text.
    Settings,
}

impl Table {
    pub(crate) const ALL: [Self; 13] = [
        Self::Photos,
        Self::Rows,
        Self::Files,
        Self::Failures,
        Self::Embeddings,
        Self::Changes,
        Self::Roots,
        Self::Models,
        Self::Meta,
        Self::Parts,
        Self::Analyses,
        Self::Albums,
        Self::Settings,
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
            Self::Parts => "parts",
            Self::Analyses => "analyses",
            Self::Albums => "albums",
            Self::Settings => "settings",
        }
    }
}

/// The only key of the meta tree.
pub(crate) const STATE: &[u8] = b"state";

/// 16 bytes of fingerprint, 32 bytes of photo id.
pub(crate) fn embedding(model: ModelFingerprint, id: PhotoId) -> [u8; 48] {
    let mut key = [0u8; 48];
    key[..16].copy_from_slice(&model.0);
    key[16..].copy_from_slice(&id.0);
    key
}

/// 16 bytes of fingerprint, 32 bytes of photo id, 4 bytes of part.
pub(crate) fn part(model: ModelFingerprint, id: PhotoId, part: Part) -> [u8; 52] {
    let mut key = [0u8; 52];
    key[..48].copy_from_slice(&embedding(model, id));
    key[48..].copy_from_slice(&part.0.to_be_bytes());
    key
}

/// The photo and the part of such a key.
pub(crate) fn photo_and_part(key: &[u8]) -> Option<(PhotoId, Part)> {
    let key: &[u8; 52] = key.try_into().ok()?;
    let part = key[48..].try_into().ok()?;
    Some((photo_id(&key[16..48])?, Part(u32::from_be_bytes(part))))
}

/// What the keys of all photos of an analysis begin with: the length of its name in one byte, and
/// the name.
pub(crate) fn analysis(name: &str) -> Vec<u8> {
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    [&[length], name.as_bytes()].concat()
}

/// The name of the analysis and the photo of such a key.
pub(crate) fn analysed(key: &[u8]) -> Option<(&str, PhotoId)> {
    let (length, rest) = key.split_first()?;
    let (name, id) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(name).ok()?, photo_id(id)?))
}

/// The photo id of a photo key.
pub(crate) fn photo_id(key: &[u8]) -> Option<PhotoId> {
    key.try_into().ok().map(PhotoId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedding_key_is_its_two_ids() {
        let key = embedding(ModelFingerprint([1; 16]), PhotoId([2; 32]));
        assert_eq!(key[..16], [1; 16]);
        assert_eq!(photo_id(&key[16..]), Some(PhotoId([2; 32])));
        assert_eq!(photo_id(&key), None);
    }

    #[test]
    fn a_part_key_is_an_embedding_key_and_the_part() {
        let key = part(ModelFingerprint([1; 16]), PhotoId([2; 32]), Part(258));
        assert_eq!(key[..48], embedding(ModelFingerprint([1; 16]), PhotoId([2; 32])));
        assert_eq!(key[48..], [0, 0, 1, 2]);
        assert_eq!(photo_and_part(&key), Some((PhotoId([2; 32]), Part(258))));
        assert_eq!(photo_and_part(&key[..48]), None);
        let text = [analysis("text"), vec![2; 32]].concat();
        assert_eq!(text[..5], *b"\x04text");
        assert_eq!(analysed(&text), Some(("text", PhotoId([2; 32]))));
        assert_eq!(analysed(&text[..36]), None);
    }
}
