//! Files are believed only when size and checksum are those of the manifest.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

use super::manifest::FileEntry;
use super::{SnapshotError, damaged, io_error};
use crate::store::SEGMENT_ROWS;

/// Opens a file after checking its size. `None` for an empty file, which cannot be mapped.
///
/// The contents are not looked at: that is [`contents`], which may run beside others.
pub(super) fn map(folder: &Path, entry: &FileEntry) -> Result<Option<Arc<Mmap>>, SnapshotError> {
    let path = folder.join(&entry.name);
    let file = open(&path, entry)?;
    let bytes = file.metadata().map_err(io_error("read", &path))?.len();
    if bytes != entry.bytes {
        let what = format!("it has {bytes} bytes, not {}", entry.bytes);
        return Err(damaged(&entry.name, &what));
    }
    if bytes == 0 {
        return Ok(None);
    }
    // SAFETY: the file is private to the library, whose folder one process locks; saving
    // never writes to a file in place, it makes new ones and unlinks the old.
    let map = unsafe { Mmap::map(&file) }.map_err(io_error("map", &path))?;
    Ok(Some(Arc::new(map)))
}

/// Compares the checksum, and passes the contents on to `check` in pieces of whole vectors of
/// `dim` numbers, which says what is wrong with one.
///
/// The file is read, not mapped: pages that were touched in a mapping count as the process's
/// memory, and most vectors are not needed for long after this.
pub(super) fn contents(
    folder: &Path,
    entry: &FileEntry,
    dim: usize,
    check: impl Fn(&[f32]) -> Result<(), &'static str>,
) -> Result<(), SnapshotError> {
    let path = folder.join(&entry.name);
    let mut file = open(&path, entry)?;
    let mut hash = blake3::Hasher::new();
    let mut piece = vec![0f32; SEGMENT_ROWS * dim];
    let mut checked = Ok(());
    loop {
        let bytes = bytemuck::cast_slice_mut(&mut piece);
        let count = fill(&mut file, bytes).map_err(io_error("read", &path))?;
        hash.update(&bytes[..count]);
        if count == 0 {
            break;
        }
        checked = checked.and_then(|()| check(&piece[..count / size_of::<f32>()]));
    }
    if hash.finalize().to_hex().as_str() != entry.blake3 {
        return Err(damaged(&entry.name, "its checksum is wrong"));
    }
    checked.map_err(|what| damaged(&entry.name, what))
}

fn open(path: &Path, entry: &FileEntry) -> Result<File, SnapshotError> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(damaged(&entry.name, "it is gone"))
        }
        opened => opened.map_err(io_error("read", path)),
    }
}

/// Reads until the buffer is full or the file ends; how many bytes.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match file.read(&mut buffer[count..])? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}
