//! The state of a file, as part of other values and alone.

use seer_types::FileStamp;
use serde::{Deserialize, Serialize};

use super::{BadValue, V1, V2, decode, decode_as, encode_as};

/// Size, modification time, change time, inode. Of its sidecars other values tell.
#[derive(Serialize, Deserialize, Clone, Copy)]
pub(super) struct StampV1(u64, i64, Option<i64>, Option<u64>);

impl From<FileStamp> for StampV1 {
    fn from(stamp: FileStamp) -> Self {
        let FileStamp { size, modified_ns, changed_ns, inode, .. } = stamp;
        Self(size, modified_ns, changed_ns, inode)
    }
}

impl From<StampV1> for FileStamp {
    fn from(StampV1(size, modified_ns, changed_ns, inode): StampV1) -> Self {
        Self { changed_ns, inode, ..Self::new(size, modified_ns) }
    }
}

/// The bytes of a file's state in the list of work.
pub(crate) fn encode_listing(stamp: FileStamp) -> Result<Vec<u8>, BadValue> {
    encode_as(V2, &(StampV1::from(stamp), stamp.sidecars))
}

/// The inverse of [`encode_listing`].
pub(crate) fn decode_listing(bytes: &[u8]) -> Result<FileStamp, BadValue> {
    let kind = "job";
    let (stamp, sidecars) = match bytes.first() {
        Some(&V1) => (decode::<StampV1>(kind, bytes)?, 0),
        _ => decode_as(V2, kind, bytes)?,
    };
    Ok(FileStamp { sidecars, ..stamp.into() })
}
