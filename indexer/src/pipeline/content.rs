//! Reads a whole file and hashes it on the way.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use seer_engine::stamp;
use seer_images::{DecodeOptions, ImageError, MemoryBudget, Permit};
use seer_types::{FileStamp, PhotoId};

/// How much is read between two looks at the hash: large enough for BLAKE3's wide paths.
const CHUNK: usize = 256 * 1024;

/// A file's bytes as they were at one moment.
pub(crate) struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their BLAKE3 hash.
    pub id: PhotoId,
    /// The file's state then.
    pub stamp: FileStamp,
    /// The memory that the bytes were lent.
    _permit: Permit,
}

/// Why there is no content.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The file is gone: not a failure of the file, but told.
    Gone,
    /// Longer than the limit.
    TooLong(FileStamp),
    /// It changed during both readings; the stamp is an old one, so that the next run reads it.
    Changing(FileStamp),
    /// The run was stopped while it waited for memory.
    Stopped,
    /// The system refused.
    Io(io::Error),
}

/// Reads `path`, when the process's budget for files has room; once more when the file changed
/// meanwhile.
pub(crate) fn read(path: &Path, options: &DecodeOptions) -> Result<Content, ReadError> {
    match read_once(path, options) {
        Err(ReadError::Changing(_)) => read_once(path, options),
        other => other,
    }
}

fn read_once(path: &Path, options: &DecodeOptions) -> Result<Content, ReadError> {
    let mut file = File::open(path).map_err(from_io)?;
    let before = stamp(path, &file.metadata().map_err(from_io)?);
    if options.limits.check_file(before.size).is_err() {
        return Err(ReadError::TooLong(before));
    }
    let permit = MemoryBudget::files().take(before.size, &options.stop);
    let permit = permit.map_err(|error| match error {
        ImageError::Stopped => ReadError::Stopped,
        _ => ReadError::TooLong(before),
    })?;
    let mut hasher = blake3::Hasher::new();
    let bytes = read_hashing(&mut file, before.size, &mut hasher).map_err(from_io)?;
    let after = stamp(path, &file.metadata().map_err(from_io)?);
    if before != after || bytes.len() as u64 != before.size {
        return Err(ReadError::Changing(before));
    }
    Ok(Content {
        bytes,
        id: PhotoId(*hasher.finalize().as_bytes()),
        stamp: before,
        _permit: permit,
    })
}

/// Reads at most one byte more than `expected`, so that a file that grows without end ends here.
fn read_hashing(
    file: &mut impl Read,
    expected: u64,
    hasher: &mut blake3::Hasher,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + 1);
    let mut rest = file.take(expected + 1);
    loop {
        let start = bytes.len();
        if rest.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
        hasher.update(&bytes[start..]);
    }
}

fn from_io(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::Gone,
        _ => ReadError::Io(error),
    }
}

/// The first bytes of a file, enough to tell its format; empty when it cannot be read.
pub(crate) fn first_bytes(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // An error half way leaves what was read, which is as good as it gets.
        let _ = file.take(seer_images::SNIFF_BYTES as u64).read_to_end(&mut bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_images::Limits;

    fn limited(max_file_bytes: u64) -> DecodeOptions {
        DecodeOptions::from(&Limits { max_file_bytes, ..Limits::default() })
    }

    #[test]
    fn the_id_is_the_hash_of_all_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let bytes: Vec<u8> = (0..CHUNK * 2 + 7).map(|i| (i % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        let content = read(&path, &DecodeOptions::default()).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(content.id.0, *blake3::hash(&bytes).as_bytes());
        assert_eq!(content.stamp.size, bytes.len() as u64);
        assert!(content.bytes == bytes);
        assert_eq!(first_bytes(&path), bytes[..seer_images::SNIFF_BYTES]);
    }

    #[test]
    fn an_empty_file_has_an_id_too() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("x"), b"").unwrap();
        let content = read(&dir.path().join("x"), &limited(0)).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(content.id.0, *blake3::hash(b"").as_bytes());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read(&dir.path().join("none"), &limited(9)), Err(ReadError::Gone)));
        std::fs::write(dir.path().join("x"), b"0123456789").unwrap();
        let error = read(&dir.path().join("x"), &limited(9));
        assert!(matches!(error, Err(ReadError::TooLong(stamp)) if stamp.size == 10));
        assert!(first_bytes(&dir.path().join("none")).is_empty());
    }

    #[test]
    fn a_file_that_grows_while_read_is_noticed_by_its_length() {
        let mut hasher = blake3::Hasher::new();
        let bytes = read_hashing(&mut io::repeat(7), 1000, &mut hasher).unwrap();
        assert_eq!(bytes.len(), 1001);
    }
}
