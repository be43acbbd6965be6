//! The value of a path: what came of reading it.

use seer_types::{Failure, FailureKind, FileStamp, LibraryPath, PhotoFile};
use serde::{Deserialize, Serialize};

use super::stamp::StampV1;
use super::{BadValue, V1, V2, decode, decode_as, encode_as};

/// What is stored for a path; which photo it is has a column of its own.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FileState {
    /// The indexed folder.
    pub(crate) root: LibraryPath,
    /// Its state when it was read.
    pub(crate) stamp: FileStamp,
    /// Why it is no photo.
    pub(crate) failure: Option<FailedState>,
}

/// What a [`Failure`] says besides.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FailedState {
    kind: FailureKind,
    reason: String,
    at: i64,
    /// See [`Failure::decoders`].
    pub(crate) decoders: u32,
}

#[derive(Serialize, Deserialize)]
struct FileV1 {
    root: Vec<u8>,
    stamp: StampV1,
    /// Kind, reason, when, decoders.
    failure: Option<(u8, String, i64, u32)>,
}

/// In postcard the fields of the first version, then the new one.
#[derive(Serialize, Deserialize)]
struct FileV2 {
    first: FileV1,
    sidecars: u64,
}

/// The stored number of each kind: its place in this list.
const KINDS: [FailureKind; 5] = [
    FailureKind::Unreadable,
    FailureKind::Unsupported,
    FailureKind::Damaged,
    FailureKind::TooLarge,
    FailureKind::Encoding,
];

impl From<&PhotoFile> for FileState {
    fn from(file: &PhotoFile) -> Self {
        Self { root: file.root.clone(), stamp: file.stamp, failure: None }
    }
}

impl From<&Failure> for FileState {
    fn from(failure: &Failure) -> Self {
        let Failure { root, stamp, kind, reason, at, decoders, .. } = failure.clone();
        Self { root, stamp, failure: Some(FailedState { kind, reason, at, decoders }) }
    }
}

pub(crate) fn encode_file(file: &FileState) -> Result<Vec<u8>, BadValue> {
    let failure = file.failure.as_ref().map(|failed| {
        let kind = KINDS.iter().position(|kind| *kind == failed.kind).unwrap_or(KINDS.len());
        (kind as u8, failed.reason.clone(), failed.at, failed.decoders)
    });
    let first = FileV1 { root: file.root.to_bytes(), stamp: file.stamp.into(), failure };
    encode_as(V2, &FileV2 { first, sidecars: file.stamp.sidecars })
}

pub(crate) fn decode_file(bytes: &[u8]) -> Result<FileState, BadValue> {
    let kind = "file";
    let FileV2 { first, sidecars } = match bytes.first() {
        Some(&V1) => FileV2 { first: decode(kind, bytes)?, sidecars: 0 },
        _ => decode_as(V2, kind, bytes)?,
    };
    let FileV1 { root, stamp, failure } = first;
    let failed = |(kind, reason, at, decoders): (u8, String, i64, u32)| {
        let kind = KINDS.get(usize::from(kind)).copied();
        let kind = kind.ok_or_else(|| BadValue("a failure of an unknown kind".into()))?;
        Ok(FailedState { kind, reason, at, decoders })
    };
    let failure = failure.map(failed).transpose()?;
    let stamp = FileStamp { sidecars, ..stamp.into() };
    Ok(FileState { root: LibraryPath::from_bytes(&root), stamp, failure })
}

/// The failure of a path.
pub(crate) fn decode_failure(path: &[u8], bytes: &[u8]) -> Result<Failure, BadValue> {
    let FileState { root, stamp, failure } = decode_file(bytes)?;
    let FailedState { kind, reason, at, decoders } =
        failure.ok_or_else(|| BadValue("a failure without a reason".into()))?;
    let path = LibraryPath::from_bytes(path);
    Ok(Failure { path, root, stamp, kind, reason, at, decoders })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_and_an_unknown_one_is_refused() {
        let stamp = FileStamp {
            changed_ns: Some(6),
            inode: Some(u64::MAX),
            sidecars: 9,
            ..FileStamp::new(3, -4)
        };
        for kind in KINDS {
            let (path, root) = (LibraryPath::new("/p/x.jpg"), LibraryPath::new("/p"));
            let reason = "cut\0short".to_owned();
            let failure = Failure { path, root, stamp, kind, reason, at: 5, decoders: 7 };
            let bytes = encode_file(&FileState::from(&failure)).unwrap();
            assert_eq!(decode_failure(b"/p/x.jpg", &bytes), Ok(failure));
        }
        let first = |failure| FileV1 { root: b"/p".to_vec(), stamp: stamp.into(), failure };
        let odd = encode_as(V1, &first(Some((9, String::new(), 0, 0))));
        assert!(decode_file(&odd.unwrap()).unwrap_err().0.contains("unknown kind"));
        let old = decode_file(&encode_as(V1, &first(None)).unwrap()).unwrap();
        assert_eq!(old.stamp, FileStamp { sidecars: 0, ..stamp });
    }
}
