//! The value of a file that could not be read.

use seer_types::{Failure, FailureKind, FileStamp, LibraryPath};
use serde::{Deserialize, Serialize};

use super::{BadValue, V1, V2, V3, V4, decode, decode_as, encode_as};
use seer_store::{KnownFile, KnownState};

/// What is stored for a file that could not be read, read from a value of any version so far.
pub(crate) struct StoredFailure {
    value: FailureV4,
}

#[derive(Serialize, Deserialize)]
struct FailureV1 {
    root: Vec<u8>,
    size: u64,
    modified_ns: i64,
    kind: u8,
    reason: String,
    at: i64,
}

/// In postcard the fields of the first version, then the new ones.
#[derive(Serialize, Deserialize)]
struct FailureV2 {
    first: FailureV1,
    changed_ns: Option<i64>,
    inode: Option<u64>,
}

/// In postcard the fields of the second version, then the new one.
#[derive(Serialize, Deserialize)]
struct FailureV3 {
    second: FailureV2,
    decoders: u32,
}

/// In postcard the fields of the third version, then the new one.
#[derive(Serialize, Deserialize)]
struct FailureV4 {
    third: FailureV3,
    sidecars: u64,
}

/// The stored number of each kind; the place in this list.
const KINDS: [FailureKind; 5] = [
    FailureKind::Unreadable,
    FailureKind::Unsupported,
    FailureKind::Damaged,
    FailureKind::TooLarge,
    FailureKind::Encoding,
];

impl StoredFailure {
    pub(crate) fn encode(failure: &Failure) -> Result<Vec<u8>, BadValue> {
        let FileStamp { size, modified_ns, changed_ns, inode, sidecars } = failure.stamp;
        let kind = KINDS.iter().position(|kind| *kind == failure.kind).unwrap_or(KINDS.len());
        let first = FailureV1 {
            root: failure.root.to_bytes(),
            size,
            modified_ns,
            kind: kind as u8,
            reason: failure.reason.clone(),
            at: failure.at,
        };
        let second = FailureV2 { first, changed_ns, inode };
        let third = FailureV3 { second, decoders: failure.decoders };
        encode_as(V4, &FailureV4 { third, sidecars })
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadValue> {
        let kind = "failure";
        let second = |first| FailureV2 { first, changed_ns: None, inode: None };
        let third = |second| FailureV3 { second, decoders: 0 };
        let fourth = |third| FailureV4 { third, sidecars: 0 };
        let value = match bytes.first() {
            Some(&V1) => fourth(third(second(decode(kind, bytes)?))),
            Some(&V2) => fourth(third(decode_as(V2, kind, bytes)?)),
            Some(&V3) => fourth(decode_as(V3, kind, bytes)?),
            _ => decode_as(V4, kind, bytes)?,
        };
        Ok(Self { value })
    }

    fn stamp(&self) -> FileStamp {
        let FailureV4 { third, sidecars } = &self.value;
        let FailureV2 { first, changed_ns, inode } = &third.second;
        FileStamp {
            changed_ns: *changed_ns,
            inode: *inode,
            sidecars: *sidecars,
            ..FileStamp::new(first.size, first.modified_ns)
        }
    }

    pub(crate) fn into_failure(self, key: &[u8]) -> Result<Failure, BadValue> {
        let stamp = self.stamp();
        let FailureV3 { second: FailureV2 { first, .. }, decoders } = self.value.third;
        let kind = KINDS
            .get(usize::from(first.kind))
            .ok_or_else(|| BadValue(format!("a failure has the unknown kind {}", first.kind)))?;
        Ok(Failure {
            path: LibraryPath::from_bytes(key),
            root: LibraryPath::from_bytes(&first.root),
            stamp,
            kind: *kind,
            reason: first.reason,
            at: first.at,
            decoders,
        })
    }

    pub(crate) fn into_known(self, key: &[u8]) -> KnownFile {
        KnownFile {
            path: LibraryPath::from_bytes(key),
            root: LibraryPath::from_bytes(&self.value.third.second.first.root),
            stamp: self.stamp(),
            state: KnownState::Failed { decoders: self.value.third.decoders },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::encode;

    fn failure(kind: FailureKind, stamp: FileStamp) -> Failure {
        let (path, root) = (LibraryPath::new("/p/x.jpg"), LibraryPath::new("/p"));
        Failure { path, root, stamp, kind, reason: "cut short".into(), at: 5, decoders: 0 }
    }

    #[test]
    fn every_kind_survives_and_an_unknown_one_is_refused() {
        let stamp =
            FileStamp { changed_ns: Some(6), inode: Some(7), sidecars: 8, ..FileStamp::new(3, -4) };
        for kind in KINDS {
            let failure = Failure { decoders: 4, ..failure(kind, stamp) };
            let bytes = StoredFailure::encode(&failure).unwrap();
            let back = StoredFailure::decode(&bytes).unwrap();
            assert_eq!(back.into_failure(b"/p/x.jpg").unwrap(), failure);
        }
        let odd = encode(&first(9)).unwrap();
        let error = StoredFailure::decode(&odd).unwrap().into_failure(b"x").unwrap_err().0;
        assert!(error.contains("unknown kind 9"), "{error}");
    }

    #[test]
    fn the_first_version_is_read() {
        let old = StoredFailure::decode(&encode(&first(2)).unwrap()).unwrap();
        let expected = failure(FailureKind::Damaged, FileStamp::new(3, -4));
        assert_eq!(old.into_failure(b"/p/x.jpg").unwrap(), expected);
    }

    #[test]
    fn the_second_and_the_third_version_are_read() {
        let second = FailureV2 { first: first(2), changed_ns: Some(6), inode: None };
        let old = StoredFailure::decode(&encode_as(V2, &second).unwrap()).unwrap();
        let stamp = FileStamp { changed_ns: Some(6), ..FileStamp::new(3, -4) };
        assert_eq!(old.into_failure(b"/p/x.jpg").unwrap(), failure(FailureKind::Damaged, stamp));
        let third = FailureV3 { second, decoders: 3 };
        let old = StoredFailure::decode(&encode_as(V3, &third).unwrap()).unwrap();
        let expected = Failure { decoders: 3, ..failure(FailureKind::Damaged, stamp) };
        assert_eq!(old.into_failure(b"/p/x.jpg").unwrap(), expected);
    }

    fn first(kind: u8) -> FailureV1 {
        let (root, reason) = (b"/p".to_vec(), "cut short".into());
        FailureV1 { root, size: 3, modified_ns: -4, kind, reason, at: 5 }
    }
}
