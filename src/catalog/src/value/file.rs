//! The value of a path: which photo lies there.

use seer_types::{FileStamp, LibraryPath, PhotoId};
use serde::{Deserialize, Serialize};

use crate::change::{KnownFile, KnownState};

#[derive(Serialize, Deserialize)]
pub(crate) struct FileV1 {
    id: [u8; 32],
    root: Vec<u8>,
    size: u64,
    modified_ns: i64,
}

impl FileV1 {
    pub(crate) fn new(id: PhotoId, root: &LibraryPath, stamp: FileStamp) -> Self {
        Self { id: id.0, root: root.to_bytes(), size: stamp.size, modified_ns: stamp.modified_ns }
    }

    pub(crate) fn id(&self) -> PhotoId {
        PhotoId(self.id)
    }

    pub(crate) fn into_known(self, key: &[u8]) -> KnownFile {
        KnownFile {
            path: LibraryPath::from_bytes(key),
            root: LibraryPath::from_bytes(&self.root),
            stamp: FileStamp { size: self.size, modified_ns: self.modified_ns },
            state: KnownState::Photo(PhotoId(self.id)),
        }
    }
}
