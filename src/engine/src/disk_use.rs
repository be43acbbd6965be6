//! How much of the disk a library's folder takes, part by part.

use std::path::Path;

use crate::{EngineError, Library};

/// Bytes of the parts of a library's folder. What a PostgreSQL holds is not among them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DiskUse {
    /// Records and embeddings.
    pub catalog: u64,
    /// Vector indexes.
    pub vectors: u64,
    /// The keyword index.
    pub keywords: u64,
    /// Small pictures.
    pub thumbnails: u64,
    /// All else.
    pub other: u64,
}

impl DiskUse {
    /// All parts together.
    pub fn total(&self) -> u64 {
        self.catalog + self.vectors + self.keywords + self.thumbnails + self.other
    }
}

impl Library {
    /// Looks at every file of the library's folder. Files that go meanwhile are not counted.
    ///
    /// # Errors
    /// `Io` when the folder cannot be read.
    pub fn disk_use(&self) -> Result<DiskUse, EngineError> {
        let folder = self.folder();
        let failed = |source| EngineError::Io { action: "read", path: folder.into(), source };
        let mut found = DiskUse::default();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let part = match entry.file_name().to_str() {
                Some("catalog") => &mut found.catalog,
                Some("vectors") => &mut found.vectors,
                Some("keywords") => &mut found.keywords,
                Some("thumbnails") => &mut found.thumbnails,
                _ => &mut found.other,
            };
            *part += bytes_of(&entry.path());
        }
        Ok(found)
    }
}

/// The bytes of a file, or of all files below a folder; links are not followed.
fn bytes_of(path: &Path) -> u64 {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => std::fs::read_dir(path)
            .map_or(0, |entries| entries.flatten().map(|entry| bytes_of(&entry.path())).sum()),
        Ok(found) => found.len(),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), crate::OpenOptions::default()).unwrap();
        let before = library.disk_use().unwrap();
        assert!(before.catalog > 0);
        let small = folder.path().join("thumbnails/3f");
        std::fs::create_dir_all(&small).unwrap();
        std::fs::write(small.join("a.jpg"), [0; 1000]).unwrap();
        std::fs::write(folder.path().join("exports.json"), [0; 77]).unwrap();
        let after = library.disk_use().unwrap();
        assert_eq!(after.thumbnails, before.thumbnails + 1000);
        assert_eq!(after.other, before.other + 77);
        assert_eq!(after.total(), before.total() + 1077);
    }
}
