//! The value of a path: which photo lies there.

use seer_types::{FileStamp, LibraryPath, PhotoId};
use serde::{Deserialize, Serialize};

use super::{BadValue, V1, V2, V3, decode, decode_as, encode_as};
use seer_store::{KnownFile, KnownState};

/// What is stored for a path, read from a value of any version so far.
pub(crate) struct StoredFile {
    pub(crate) id: PhotoId,
    root: LibraryPath,
    stamp: FileStamp,
}

#[derive(Serialize, Deserialize)]
struct FileV1 {
    id: [u8; 32],
    root: Vec<u8>,
    size: u64,
    modified_ns: i64,
}

/// In postcard the fields of the first version, then the new ones.
#[derive(Serialize, Deserialize)]
struct FileV2 {
    first: FileV1,
    changed_ns: Option<i64>,
    inode: Option<u64>,
}

/// In postcard the fields of the second version, then the new one.
#[derive(Serialize, Deserialize)]
struct FileV3 {
    second: FileV2,
    sidecars: u64,
}

impl StoredFile {
    pub(crate) fn encode(
        id: PhotoId,
        root: &LibraryPath,
        stamp: FileStamp,
    ) -> Result<Vec<u8>, BadValue> {
        let FileStamp { size, modified_ns, changed_ns, inode, sidecars } = stamp;
        let first = FileV1 { id: id.0, root: root.to_bytes(), size, modified_ns };
        encode_as(V3, &FileV3 { second: FileV2 { first, changed_ns, inode }, sidecars })
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadValue> {
        let third = |second| FileV3 { second, sidecars: 0 };
        let FileV3 { second, sidecars } = match bytes.first() {
            Some(&V1) => {
                let first = decode("file", bytes)?;
                third(FileV2 { first, changed_ns: None, inode: None })
            }
            Some(&V2) => third(decode_as(V2, "file", bytes)?),
            _ => decode_as(V3, "file", bytes)?,
        };
        let FileV2 { first, changed_ns, inode } = second;
        let FileV1 { id, root, size, modified_ns } = first;
        let stamp = FileStamp { size, modified_ns, changed_ns, inode, sidecars };
        Ok(Self { id: PhotoId(id), root: LibraryPath::from_bytes(&root), stamp })
    }

    pub(crate) fn into_known(self, key: &[u8]) -> KnownFile {
        KnownFile {
            path: LibraryPath::from_bytes(key),
            root: self.root,
            stamp: self.stamp,
            state: KnownState::Photo(self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::encode;

    #[test]
    fn all_versions_are_read() {
        let first = FileV1 { id: [7; 32], root: b"/p".to_vec(), size: 3, modified_ns: -4 };
        let old = StoredFile::decode(&encode(&first).unwrap()).unwrap().into_known(b"/p/a");
        assert_eq!((old.stamp, old.root), (FileStamp::new(3, -4), LibraryPath::new("/p")));
        let stamp = FileStamp { changed_ns: Some(9), inode: Some(5), ..old.stamp };
        let second = FileV2 { first, changed_ns: Some(9), inode: Some(5) };
        let old = StoredFile::decode(&encode_as(V2, &second).unwrap()).unwrap();
        assert_eq!(old.into_known(b"/p/a").stamp, stamp);
        let stamp = FileStamp { sidecars: 8, ..stamp };
        let new = StoredFile::encode(PhotoId([7; 32]), &LibraryPath::new("/p"), stamp).unwrap();
        assert_eq!(new[0], 3);
        let known = StoredFile::decode(&new).unwrap().into_known(b"/p/a");
        assert_eq!((known.stamp, known.state), (stamp, KnownState::Photo(PhotoId([7; 32]))));
        let later = [&[4], &new[1..]].concat();
        assert!(StoredFile::decode(&later).err().unwrap().0.contains("file value has version 4"));
    }
}
