//! A file's bytes, mapped into memory or embedded in the program.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

/// Read-only bytes of one file.
pub enum Bytes {
    /// A file mapped into memory.
    Mapped(memmap2::Mmap),
    /// Embedded in the program.
    Embedded(&'static [u8]),
    /// Read whole (an empty file cannot be mapped), or unpacked.
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a file.
    pub fn map(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(Self::Owned(Vec::new()));
        }
        // SAFETY: the map is read-only and private to this process. Another process that cuts the
        // file short while it is read could end ours with SIGBUS; model files are not written in
        // place (downloads go to a temporary name first), and reading 2 GiB of weights into a
        // buffer beforehand would double the memory that loading takes.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self::Mapped(map))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Embedded(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}
