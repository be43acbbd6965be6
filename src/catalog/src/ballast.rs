//! A file that keeps room: given up when the disk is full and the database must write to open.
//!
//! After a stop without a proper close, sled writes a snapshot while it opens, and fails when the
//! disk is full. The room that this file takes is then its.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::database::FOLDER;
use crate::room;

const FILE: &str = "ballast";

/// Beside twice the snapshot there is: some of sled's segments, which have half a mebibyte.
const LEAST: u64 = 2 << 20;

/// What sled may write while it opens the database of the catalog in `folder`, in bytes.
pub(crate) fn needed(folder: &Path) -> u64 {
    let files = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    let snapshots = files.filter(|file| file.file_name().to_string_lossy().starts_with("snap."));
    let bytes = snapshots.filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).max();
    LEAST.saturating_add(bytes.unwrap_or(0).saturating_mul(2))
}

/// What has to be laid by before anything is added, in bytes: all of it once it was given up.
pub(crate) fn missing(folder: &Path) -> u64 {
    if folder.join(FILE).exists() { 0 } else { needed(folder) }
}

/// Makes the file, or makes it as large as it should be, while the disk has room to spare.
pub(crate) fn keep(folder: &Path) {
    let path = folder.join(FILE);
    let there = fs::metadata(&path).map_or(0, |meta| meta.len());
    let needed = needed(folder);
    if there >= needed || !room::fits(folder, needed) {
        return;
    }
    if let Err(error) = write(&path, needed.next_multiple_of(1 << 20)) {
        log::debug!("no room could be kept in {}: {error}", path.display());
        let _ = fs::remove_file(&path);
    }
}

/// Makes the file again once it was given up.
pub(crate) fn replace(folder: &Path) {
    if missing(folder) > 0 {
        keep(folder);
    }
}

/// Gives the room back; whether there was any.
pub(crate) fn give_up(folder: &Path) -> bool {
    fs::remove_file(folder.join(FILE)).is_ok()
}

/// Bytes that no file system stores as a hole or compresses away.
fn write(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut output = blake3::Hasher::new().update(b"ballast").finalize_xof();
    let mut block = vec![0u8; 1 << 20];
    for _ in 0..bytes.div_ceil(block.len() as u64) {
        output.fill(&mut block);
        file.write_all(&block)?;
    }
    file.sync_all()
}
