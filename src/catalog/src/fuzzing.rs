//! Entrances for `tests/fuzz`, which reads values that no program of ours wrote.

use seer_types::{ModelFingerprint, PhotoId};

use crate::embedding_store;
use crate::value::{StoredFailure, StoredFile, decode_record, encode_record};

/// Whether `bytes` are a value of this kind: 0 a photo, 1 a file, 2 a failure, 3 an
/// embedding. A photo that is understood stays what it is when it is written and read again.
pub fn value(kind: u8, bytes: &[u8]) -> bool {
    let key = b"/photos/a.jpg";
    match kind % 4 {
        0 => photo(bytes),
        1 => StoredFile::decode(bytes).map(|file| file.into_known(key)).is_ok(),
        2 => StoredFailure::decode(bytes).and_then(|v| v.into_failure(key)).is_ok(),
        _ => embedding_store::decode(ModelFingerprint([7; 16]), bytes).is_ok(),
    }
}

fn photo(bytes: &[u8]) -> bool {
    let id = PhotoId([7; 32]);
    let Ok(record) = decode_record(id, bytes) else { return false };
    let written = encode_record(&record).expect("what was read can be written");
    let again = decode_record(id, &written).expect("what was written can be read");
    // Not a number is not itself.
    assert_eq!(format!("{record:?}"), format!("{again:?}"));
    true
}
