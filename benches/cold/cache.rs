//! What of a folder is in the system's cache.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All files below a folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

/// Bytes of all files below a folder.
pub fn bytes_in(folder: &Path) -> io::Result<u64> {
    files(folder)?.iter().map(|path| Ok(fs::metadata(path)?.len())).sum()
}

/// Reads every file, so that the system has it in memory.
pub fn read_folder(folder: &Path) -> io::Result<()> {
    for path in files(folder)? {
        io::copy(&mut File::open(path)?, &mut io::sink())?;
    }
    Ok(())
}

/// Asks the system to forget what it holds of every file.
pub fn drop_folder(folder: &Path) -> io::Result<()> {
    for path in files(folder)? {
        // Only what is on the disk can be forgotten.
        File::open(&path)?.sync_all()?;
        let mut source = std::ffi::OsString::from("if=");
        source.push(&path);
        let done = Command::new("dd")
            .arg(source)
            .args(["iflag=nocache", "count=0", "status=none"])
            .status()?;
        assert!(done.success(), "dd {}", path.display());
    }
    Ok(())
}
