//! Forgetting: what leaves the library for good leaves its files too.

use std::fs;
use std::io;
use std::path::Path;

use seer_store::Change;
use seer_types::{LibraryPath, PhotoId};

use crate::{EngineError, Library};

/// How many files are taken out at once.
const BATCH: usize = 1024;

/// What [`Library::forget`] did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Forgotten {
    /// Files that left the library, failed ones included.
    pub files: u64,
    /// Photos that had no file left and were purged.
    pub photos: u64,
    /// Whether the place was an indexed folder; it is none any more.
    pub was_root: bool,
    /// The indexed folder that the place lies in: its next run finds again what is still there.
    pub inside: Option<LibraryPath>,
    /// Indexed folders further down: they stay, with their photos.
    pub kept: Vec<LibraryPath>,
}

impl Forgotten {
    /// Whether the library knew nothing there.
    pub fn is_nothing(&self) -> bool {
        self.files == 0 && !self.was_root
    }
}

impl Library {
    /// Forgets a folder or a file, whether it is still there or not: its photos' records, positions,
    /// embeddings of all models, words, vectors and thumbnails, and that it is an indexed folder.
    /// A photo with another file elsewhere keeps that one. Indexed folders further down stay. The
    /// place is named by its path on this machine or by the one that was indexed.
    ///
    /// # Errors
    /// When the store cannot be written. What was forgotten until then is out of the answers, and
    /// leaves its files when the library is opened the next time.
    pub fn forget(&self, place: &LibraryPath) -> Result<Forgotten, EngineError> {
        let place = &self.maps.indexed(place);
        let roots = self.roots()?;
        let (at, rest): (Vec<_>, Vec<_>) = roots.into_iter().partition(|root| root == place);
        let kept: Vec<LibraryPath> =
            rest.iter().filter(|root| root.as_path().starts_with(place)).cloned().collect();
        let above = rest.into_iter().filter(|root| place.as_path().starts_with(root));
        let inside = above.max_by_key(|root| root.as_path().components().count());
        let stays = |path: &LibraryPath| kept.iter().any(|root| path.as_path().starts_with(root));
        let mut files = self.files_under(place)?;
        files.retain(|file| !stays(&file.path));
        let mut forgotten = Forgotten {
            files: files.len() as u64,
            photos: 0,
            was_root: !at.is_empty(),
            inside,
            kept,
        };
        if forgotten.is_nothing() {
            return Ok(forgotten);
        }
        if let Some(work) = self.store.work_list() {
            // What other machines are reading there must not come back.
            work.unlist(place)?;
        }
        for batch in files.chunks(BATCH) {
            self.apply(batch.iter().map(|f| Change::Unlink { path: f.path.clone() }).collect())?;
        }
        self.remove_root(place)?;
        forgotten.photos = self.purge()?;
        Ok(forgotten)
    }

    /// Forgets photos that have no file any more, with their points in all spaces, and takes every
    /// trace of them, and of files that left, out of the library. Returns how many photos went.
    ///
    /// # Errors
    /// When the store or the thumbnails cannot be written; the next call goes on then.
    pub fn purge(&self) -> Result<u64, EngineError> {
        // First: afterwards nothing would say that they are to go.
        self.remove_thumbnails_of_nothing()?;
        Ok(self.store.purge()?)
    }

    /// Removes thumbnails of photos that are not in the library.
    pub(crate) fn remove_thumbnails_of_nothing(&self) -> Result<(), EngineError> {
        let folder = self.folder.join("thumbnails");
        for part in names(&folder).map_err(EngineError::io("read", &folder))? {
            let part = folder.join(part);
            for name in names(&part).map_err(EngineError::io("read", &part))? {
                let id = name.split('-').next().and_then(|hex| hex.parse::<PhotoId>().ok());
                let is_photo = id.map_or(Ok(None), |id| self.photo(id))?.is_some();
                if !is_photo {
                    let thumbnail = part.join(name);
                    remove(&thumbnail).map_err(EngineError::io("remove", &thumbnail))?;
                }
            }
        }
        Ok(())
    }
}

/// Names in a folder, none when it is not there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
        }
        Err(error) if is_no_folder(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn is_no_folder(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
