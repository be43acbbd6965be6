//! The few ways a snapshot touches the disk, so that a test can cut it off after any of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::manifest::FileEntry;
use super::{SnapshotError, UNFINISHED, io_error};
use crate::checked::Sums;

/// Writes in one folder.
pub(crate) struct Disk {
    folder: PathBuf,
    /// Steps until everything fails, as if the power had gone.
    #[cfg(test)]
    steps_left: std::cell::Cell<usize>,
}

impl Disk {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            #[cfg(test)]
            steps_left: std::cell::Cell::new(usize::MAX),
        }
    }

    /// Fails at step `steps` (0 is the first) and ever after.
    #[cfg(test)]
    pub(crate) fn failing_after(folder: &Path, steps: usize) -> Self {
        let disk = Self::new(folder);
        disk.steps_left.set(steps);
        disk
    }

    fn step(&self) -> io::Result<()> {
        #[cfg(test)]
        match self.steps_left.get() {
            0 => return Err(io::Error::other("cut off")),
            left => self.steps_left.set(left - 1),
        }
        Ok(())
    }

    pub(crate) fn create_folder(&self) -> Result<(), SnapshotError> {
        self.step()
            .and_then(|()| fs::create_dir_all(&self.folder))
            .map_err(io_error("create", &self.folder))
    }

    /// The names of the files in the folder.
    pub(crate) fn names(&self) -> Result<Vec<String>, SnapshotError> {
        let entries = fs::read_dir(&self.folder).map_err(io_error("list", &self.folder))?;
        Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    /// Opens a file for writing under its unfinished name.
    pub(crate) fn start(&self, name: &str) -> Result<Unfinished<'_>, SnapshotError> {
        let path = self.folder.join(format!("{name}{UNFINISHED}"));
        let file = self
            .step()
            .and_then(|()| OpenOptions::new().write(true).create(true).truncate(true).open(&path))
            .map_err(io_error("create", &path))?;
        Ok(Unfinished {
            disk: self,
            name: name.to_string(),
            path,
            out: BufWriter::with_capacity(1 << 20, file),
            sums: Sums::default(),
            bytes: 0,
        })
    }

    /// Makes renames and removals in the folder durable. Windows does so by itself.
    pub(crate) fn sync_folder(&self) -> Result<(), SnapshotError> {
        let sync = || if cfg!(unix) { File::open(&self.folder)?.sync_all() } else { Ok(()) };
        self.step().and_then(|()| sync()).map_err(io_error("sync", &self.folder))
    }

    /// Removes a file nobody needs; that it stays is no harm.
    pub(crate) fn remove(&self, name: &str) {
        if self.step().is_ok()
            && let Err(error) = fs::remove_file(self.folder.join(name))
        {
            log::debug!("the old index file {name} stays for now: {error}");
        }
    }
}

/// A file being written: summed up on the way, not yet under its name.
pub(crate) struct Unfinished<'a> {
    disk: &'a Disk,
    name: String,
    path: PathBuf,
    out: BufWriter<File>,
    sums: Sums,
    bytes: u64,
}

impl Unfinished<'_> {
    /// Turns an error of writing into one that names the file.
    pub(crate) fn error(&self) -> impl FnOnce(io::Error) -> SnapshotError + use<> {
        io_error("write", &self.path)
    }

    /// Brings everything to the disk and gives the file its name. Also gives the sums of its
    /// blocks.
    pub(crate) fn finish(mut self) -> Result<(FileEntry, Vec<u64>), SnapshotError> {
        self.disk
            .step()
            .and_then(|()| self.out.flush())
            .and_then(|()| self.out.get_ref().sync_all())
            .map_err(self.error())?;
        let target = self.disk.folder.join(&self.name);
        self.disk
            .step()
            .and_then(|()| fs::rename(&self.path, &target))
            .map_err(io_error("rename to", &target))?;
        Ok((FileEntry { name: self.name, bytes: self.bytes }, self.sums.finish()))
    }
}

impl Write for Unfinished<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sums.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
