//! The state of a file, as part of other values and alone.

use seer_types::FileStamp;
use serde::{Deserialize, Serialize};

use super::{BadValue, decode, encode};

/// Size, modification time, change time, inode.
#[derive(Serialize, Deserialize, Clone, Copy)]
pub(super) struct StampV1(u64, i64, Option<i64>, Option<u64>);

impl From<FileStamp> for StampV1 {
    fn from(stamp: FileStamp) -> Self {
        let FileStamp { size, modified_ns, changed_ns, inode } = stamp;
        Self(size, modified_ns, changed_ns, inode)
    }
}

impl From<StampV1> for FileStamp {
    fn from(StampV1(size, modified_ns, changed_ns, inode): StampV1) -> Self {
        Self { size, modified_ns, changed_ns, inode }
    }
}

/// The bytes of a file's state in the list of work.
pub(crate) fn encode_listing(stamp: FileStamp) -> Result<Vec<u8>, BadValue> {
    encode(&StampV1::from(stamp))
}

/// The inverse of [`encode_listing`].
pub(crate) fn decode_listing(bytes: &[u8]) -> Result<FileStamp, BadValue> {
    decode::<StampV1>("job", bytes).map(Into::into)
}
