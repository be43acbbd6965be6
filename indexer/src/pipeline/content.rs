//! Reads a whole file and hashes it on the way; of a video nothing is kept but the open file.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use seer_engine::stamp;
use seer_images::{DecodeOptions, ImageError, MemoryBudget, Permit, Stop};
use seer_types::{FileStamp, PhotoId};

/// How much is read between two looks at the hash: large enough for BLAKE3's wide paths.
const CHUNK: usize = 256 * 1024;

/// A file's content as it was at one moment.
pub(crate) struct Content {
    /// What there is of it.
    pub data: Data,
    /// The BLAKE3 hash of its bytes.
    pub id: PhotoId,
    /// The file's state then.
    pub stamp: FileStamp,
}

/// What there is of a content.
pub(crate) enum Data {
    /// The bytes of a picture, and the memory that they were lent.
    Bytes { bytes: Vec<u8>, _permit: Permit },
    /// A video, which may be longer than memory: parts of it are read where they lie.
    Video(File),
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
    if seer_images::is_video(&start_of(&mut file).map_err(from_io)?) {
        return hash_video(path, file, before, &options.stop);
    }
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
    let id = PhotoId(*hasher.finalize().as_bytes());
    Ok(Content { data: Data::Bytes { bytes, _permit: permit }, id, stamp: before })
}

/// The first bytes of a file, which is then at its start again.
fn start_of(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.by_ref().take(seer_images::SNIFF_BYTES as u64).read_to_end(&mut bytes)?;
    file.rewind()?;
    Ok(bytes)
}

/// Hashes a file of any length.
fn hash_video(
    path: &Path,
    mut file: File,
    before: FileStamp,
    stop: &Stop,
) -> Result<Content, ReadError> {
    let (mut hasher, mut length) = (blake3::Hasher::new(), 0);
    let mut chunk = vec![0; CHUNK];
    // A file that grows without end ends here.
    while length <= before.size {
        stop.check().map_err(|_| ReadError::Stopped)?;
        let count = match file.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(from_io(error)),
        };
        if count == 0 {
            break;
        }
        hasher.update(&chunk[..count]);
        length += count as u64;
    }
    let after = stamp(path, &file.metadata().map_err(from_io)?);
    if before != after || length != before.size {
        return Err(ReadError::Changing(before));
    }
    let id = PhotoId(*hasher.finalize().as_bytes());
    Ok(Content { data: Data::Video(file), id, stamp: before })
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
        assert!(matches!(&content.data, Data::Bytes { bytes: read, .. } if *read == bytes));
        assert_eq!(first_bytes(&path), bytes[..seer_images::SNIFF_BYTES]);
    }

    #[test]
    fn a_video_of_any_length_is_hashed_and_not_held() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0".to_vec();
        bytes.resize(CHUNK + 5, 7);
        std::fs::write(&path, &bytes).unwrap();
        let content = read(&path, &limited(9)).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(content.id.0, *blake3::hash(&bytes).as_bytes());
        assert!(matches!(content.data, Data::Video(_)));
        let stopped = DecodeOptions::default();
        stopped.stop.stop();
        assert!(matches!(read(&path, &stopped), Err(ReadError::Stopped)));
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
