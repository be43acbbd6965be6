//! Picture files into memory: the size is looked at before anything is read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::budget::Permit;
use crate::{DecodeOptions, ImageError, MemoryBudget};

/// A picture file's bytes, counted in the process's budget for files until dropped.
#[derive(Debug)]
pub struct FileBytes {
    bytes: Vec<u8>,
    _permit: Permit,
}

impl std::ops::Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Why there are no bytes.
#[derive(Debug, thiserror::Error)]
pub enum ReadPictureError {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Too long, or stopped while waiting for memory.
    #[error(transparent)]
    Refused(#[from] ImageError),
}

/// Reads a picture file of at most `max_file_bytes`; waits while too many other files are held.
///
/// # Errors
/// `Io` when it cannot be read or is no regular file (a pipe or a device may never end);
/// `Refused` with `TooLarge` above the limit, before a byte is read, and with `Stopped`.
pub fn read_picture_file(
    path: &Path,
    options: &DecodeOptions,
) -> Result<FileBytes, ReadPictureError> {
    // Looked at by its name first: opening a pipe would wait for a writer.
    let size = regular_size(&std::fs::metadata(path)?)?;
    options.limits.check_file(size)?;
    let file = File::open(path)?;
    let size = regular_size(&file.metadata()?)?;
    options.limits.check_file(size)?;
    let permit = MemoryBudget::files().take(size, &options.stop)?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // A file that grows meanwhile is read as long as it was.
    file.take(size).read_to_end(&mut bytes)?;
    Ok(FileBytes { bytes, _permit: permit })
}

fn regular_size(found: &std::fs::Metadata) -> io::Result<u64> {
    if found.is_file() {
        return Ok(found.len());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn limited(max_file_bytes: u64) -> DecodeOptions {
        DecodeOptions::from(&Limits { max_file_bytes, ..Limits::default() })
    }

    #[test]
    fn a_file_of_the_allowed_size_is_read_and_a_longer_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"0123456789").unwrap();
        assert_eq!(*read_picture_file(&path, &limited(10)).unwrap(), *b"0123456789");
        let error = read_picture_file(&path, &limited(9)).unwrap_err();
        assert!(matches!(error, ReadPictureError::Refused(ImageError::TooLarge { .. })));
    }

    #[test]
    fn a_sparse_giant_is_refused_unread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("giant.jpg");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        let error = read_picture_file(&path, &DecodeOptions::default()).unwrap_err();
        assert!(error.to_string().contains("too large"), "{error}");
    }

    #[test]
    fn a_folder_is_no_picture_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_picture_file(folder.path(), &DecodeOptions::default()).unwrap_err();
        assert!(error.to_string().contains("not a regular file"), "{error}");
        let none = read_picture_file(&folder.path().join("none"), &DecodeOptions::default());
        assert!(
            matches!(none, Err(ReadPictureError::Io(e)) if e.kind() == io::ErrorKind::NotFound)
        );
    }
}
