//! A folder whose files are read, not mapped.
//!
//! A mapped file that shrinks, or a disk that cannot read it, ends the process (SIGBUS). Read, it
//! is an error, and the index is built again.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback,
    WatchHandle, WritePtr,
};

/// tantivy's own folder for all but reading.
#[derive(Clone, Debug)]
pub(crate) struct Unmapped {
    folder: PathBuf,
    inner: MmapDirectory,
}

impl Unmapped {
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { folder: folder.to_path_buf(), inner: MmapDirectory::open(folder)? })
    }
}

impl Directory for Unmapped {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = File::open(self.folder.join(path)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_path_buf()),
            _ => OpenReadError::wrap_io_error(error, path.to_path_buf()),
        })?;
        let meta = file.metadata();
        let meta = meta.map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        let length = usize::try_from(meta.len()).unwrap_or(usize::MAX);
        Ok(Arc::new(PlainFile { file, length }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }
}

/// A file with the length it had when it was opened.
#[derive(Debug)]
struct PlainFile {
    file: File,
    length: usize,
}

impl HasLen for PlainFile {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for PlainFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        read_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, start)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                start += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_shrinks_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("part"), [7u8; 10_000]).unwrap();
        let directory = Unmapped::open(folder.path()).unwrap();
        let file = directory.get_file_handle(Path::new("part")).unwrap();
        assert_eq!(file.len(), 10_000);
        assert_eq!(file.read_bytes(9_990..10_000).unwrap().as_slice(), [7; 10]);
        assert!(file.read_bytes(3..3).unwrap().is_empty());
        let writing = File::options().write(true).open(folder.path().join("part")).unwrap();
        writing.set_len(5_000).unwrap();
        assert_eq!(file.read_bytes(0..10).unwrap().as_slice(), [7; 10]);
        let error = file.read_bytes(4_990..5_010).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let missing = directory.get_file_handle(Path::new("none")).unwrap_err();
        assert!(matches!(missing, OpenReadError::FileDoesNotExist(_)));
    }
}
