//! Entrances for `tests/fuzz`, which reads values that no program of ours wrote.

use seer_store::Part;
use seer_types::{ModelFingerprint, PhotoId};

use crate::value::{StoredFailure, StoredFile, decode_record, encode_record};
use crate::{embedding_store, keys};

/// Whether `bytes` are a value of this kind: 0 a photo, 1 a file, 2 a failure, 3 an
/// embedding, 4 a part. A photo that is understood stays what it is when it is written and read again.
pub fn value(kind: u8, bytes: &[u8]) -> bool {
    let key = b"/photos/a.jpg";
    match kind % 5 {
        0 => photo(bytes),
        1 => StoredFile::decode(bytes).map(|file| file.into_known(key)).is_ok(),
        2 => StoredFailure::decode(bytes).and_then(|v| v.into_failure(key)).is_ok(),
        3 => embedding_store::decode(ModelFingerprint([7; 16]), bytes).is_ok(),
        _ => {
            let model = ModelFingerprint([7; 16]);
            let key = keys::part(model, PhotoId([7; 32]), Part(1));
            embedding_store::decode_part(model, &key, bytes).is_ok()
        }
    }
}

fn photo(bytes: &[u8]) -> bool {
    let id = PhotoId([7; 32]);
    let Ok(entry) = decode_record(id, bytes) else { return false };
    let written = encode_record(&entry).expect("what was read can be written");
    let again = decode_record(id, &written).expect("what was written can be read");
    // Not a number is not itself.
    assert_eq!(format!("{entry:?}"), format!("{again:?}"));
    true
}
