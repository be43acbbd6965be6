//! The value of a file that could not be read.

use seer_types::{Failure, FailureKind, FileStamp, LibraryPath};
use serde::{Deserialize, Serialize};

use super::BadValue;
use crate::change::{KnownFile, KnownState};

#[derive(Serialize, Deserialize)]
pub(crate) struct FailureV1 {
    root: Vec<u8>,
    size: u64,
    modified_ns: i64,
    kind: u8,
    reason: String,
    at: i64,
}

/// The stored number of each kind; the place in this list.
const KINDS: [FailureKind; 5] = [
    FailureKind::Unreadable,
    FailureKind::Unsupported,
    FailureKind::Damaged,
    FailureKind::TooLarge,
    FailureKind::Encoding,
];

impl FailureV1 {
    pub(crate) fn new(failure: &Failure) -> Self {
        let kind = KINDS.iter().position(|kind| *kind == failure.kind).unwrap_or(KINDS.len());
        Self {
            root: failure.root.to_bytes(),
            size: failure.stamp.size,
            modified_ns: failure.stamp.modified_ns,
            kind: kind as u8,
            reason: failure.reason.clone(),
            at: failure.at,
        }
    }

    pub(crate) fn into_failure(self, key: &[u8]) -> Result<Failure, BadValue> {
        let kind = KINDS
            .get(usize::from(self.kind))
            .ok_or_else(|| BadValue(format!("a failure has the unknown kind {}", self.kind)))?;
        Ok(Failure {
            path: LibraryPath::from_bytes(key),
            root: LibraryPath::from_bytes(&self.root),
            stamp: FileStamp { size: self.size, modified_ns: self.modified_ns },
            kind: *kind,
            reason: self.reason,
            at: self.at,
        })
    }

    pub(crate) fn into_known(self, key: &[u8]) -> KnownFile {
        KnownFile {
            path: LibraryPath::from_bytes(key),
            root: LibraryPath::from_bytes(&self.root),
            stamp: FileStamp { size: self.size, modified_ns: self.modified_ns },
            state: KnownState::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{decode, encode};

    #[test]
    fn every_kind_survives_and_an_unknown_one_is_refused() {
        for kind in KINDS {
            let failure = Failure {
                path: LibraryPath::new("/p/x.jpg"),
                root: LibraryPath::new("/p"),
                stamp: FileStamp { size: 3, modified_ns: -4 },
                kind,
                reason: "cut short".into(),
                at: 5,
            };
            let bytes = encode(&FailureV1::new(&failure)).unwrap();
            let back = decode::<FailureV1>("failure", &bytes).unwrap();
            assert_eq!(back.into_failure(b"/p/x.jpg").unwrap(), failure);
        }
        let odd = FailureV1 {
            root: vec![],
            size: 0,
            modified_ns: 0,
            kind: 9,
            reason: String::new(),
            at: 0,
        };
        assert!(odd.into_failure(b"x").unwrap_err().0.contains("unknown kind 9"));
    }
}
